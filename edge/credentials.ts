/** Who one is at a camera: its secrets read where they lie, for its main stream and for the one that is analysed. */
import { readSecret } from '../platform/secret.ts';
import type { SourceConfig } from './config.ts';

export type Login = { readonly user: string; readonly password: string };

export type CameraLogins = {
  readonly main: Login | null;
  /** Of `analyse`: its own user where it names one, else the main stream's: most cameras have one list of users. */
  readonly analyse: Login | null;
};

async function loginOf(
  { user, password }: Pick<SourceConfig, 'user' | 'password'>,
  configDir: string,
): Promise<Login | null> {
  return user ? { user, password: password ? await readSecret(password, configDir) : '' } : null;
}

/** @throws CFG_SECRET */
export async function cameraLogins(source: SourceConfig, configDir: string): Promise<CameraLogins> {
  const main = await loginOf(source, configDir);
  const { analyse } = source;
  if (!analyse) return { main, analyse: null };
  return { main, analyse: analyse.user ? await loginOf(analyse, configDir) : main };
}
