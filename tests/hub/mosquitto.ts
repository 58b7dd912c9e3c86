/** A Mosquitto for a test, with the rules of configs/mosquitto: one user a node, one for the hub. */
import { execFileSync, spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageRoot } from '../../platform/paths.ts';
import { freePort } from '../postgres.ts';
import { mosquittoProgram } from '../processes.ts';

async function accepts(port: number): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        resolve(true);
      });
      socket.on('error', () => resolve(false));
    });
    if (open) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error('Mosquitto does not open its port');
}

/** @param tls certificate and key; it then speaks mqtts */
export async function startMosquitto(
  users: Readonly<Record<string, string>>,
  tls?: { readonly cert: string; readonly key: string },
) {
  const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-mosquitto-'));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const passwords = join(folder, 'passwords');
  writeFileSync(passwords, '');
  for (const [user, password] of Object.entries(users)) {
    execFileSync('mosquitto_passwd', ['-b', passwords, user, password], { stdio: 'ignore' });
  }
  chmodSync(passwords, 0o644);
  const acl = join(folder, 'acl');
  writeFileSync(acl, readFileSync(join(packageRoot(), 'configs/mosquitto/acl')));
  const config = readFileSync(join(packageRoot(), 'configs/mosquitto/mosquitto.conf'), 'utf8')
    .replace(
      /^listener 1883$/m,
      `listener ${port} 127.0.0.1${tls ? `\ncertfile ${tls.cert}\nkeyfile ${tls.key}\nuser root` : ''}`,
    )
    .replace('/mosquitto/config/passwords', passwords)
    .replace('/mosquitto/config/acl', acl)
    .replace(/^persistence true$/m, 'persistence false')
    .replace(/^persistence_location .*$/m, '');
  const file = join(folder, 'mosquitto.conf');
  writeFileSync(file, config);
  const child = spawn(mosquittoProgram, ['-c', file], { stdio: 'ignore' });
  await accepts(port);
  return {
    url: `${tls ? 'mqtts' : 'mqtt'}://127.0.0.1:${port}`,
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
