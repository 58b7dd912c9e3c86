/** Where a program of the same machine finds a hub, by its configuration. */
import { LOOPBACK, reachable } from './listening.ts';
import { readHubConfig } from './read-config.ts';

/** @param file the hub's configuration; ports that it leaves to chance are not known. @throws CFG_* */
export async function addressesOf(file: string): Promise<{ readonly http: string; readonly mqtt: string }> {
  const { config } = await readHubConfig(file);
  const { host = LOOPBACK, port = 8080, tls, publicUrl } = config.http ?? {};
  const own = config.broker ?? {};
  const embedded = `${own.tls ? 'mqtts' : 'mqtt'}://${reachable(own.host ?? LOOPBACK)}:${own.port ?? 1883}`;
  return {
    // A certificate is of the name that people use.
    http: tls && publicUrl ? publicUrl : `${tls ? 'https' : 'http'}://${reachable(host)}:${port}`,
    mqtt: config.mqtt === undefined || config.mqtt === 'embedded' ? embedded : config.mqtt,
  };
}
