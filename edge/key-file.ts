/** Where a node's signing key lies. */
import { join } from 'node:path';

/** @example keyFile('/var/lib/kerbwatch') // '/var/lib/kerbwatch/node-key.pem' */
export const keyFile = (dataDir: string): string => join(dataDir, 'node-key.pem');
