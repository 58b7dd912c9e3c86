/** An authority and certificates of its own for a test, made by openssl. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

export type CertificateFiles = { readonly cert: string; readonly key: string };

const openssl = (folder: string, ...args: string[]) =>
  execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** @returns the authority's certificate file, and what makes certificates for localhost and 127.0.0.1 */
export function createAuthority(folder: string) {
  openssl(folder, 'req', '-x509', ...newKey, '-days', '2', '-keyout', 'ca.key', '-out', 'ca.crt', '-subj', '/CN=CA');
  writeFileSync(join(folder, 'san'), 'subjectAltName=DNS:localhost,IP:127.0.0.1\n');
  return {
    ca: join(folder, 'ca.crt'),
    issue(name: string): CertificateFiles {
      const [key, csr, cert] = [`${name}.key`, `${name}.csr`, `${name}.crt`];
      openssl(folder, 'req', ...newKey, '-keyout', key, '-out', csr, '-subj', `/CN=${name}`);
      const signing = ['-CA', 'ca.crt', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'san'];
      openssl(folder, 'x509', '-req', '-in', csr, ...signing, '-out', cert);
      return { cert: join(folder, cert), key: join(folder, key) };
    },
  };
}
