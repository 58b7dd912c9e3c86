/** What a hub configuration points at: secrets, certificates; and what its parts have against each other. */
import { createReferences, type ReferenceReport, valueAt } from '../platform/file-references.ts';
import { networkFault } from './api/trusted-proxies.ts';
import { channelReferences } from './notices/channels/index.ts';
import { issuerFault } from './oidc-config.ts';

/** @param value a configuration that may still have other faults */
export async function hubReferences(value: unknown, configDir: string): Promise<ReferenceReport> {
  const found = createReferences(configDir);
  await found.secret('databasePassword', valueAt(value, 'databasePassword'));
  await found.secret('mqttPassword', valueAt(value, 'mqttPassword'));
  await found.secret('trust.key', valueAt(value, 'trust', 'key'));
  await found.secret('oidc.clientSecret', valueAt(value, 'oidc', 'clientSecret'));
  await found.file('mqttCa', valueAt(value, 'mqttCa'));
  for (const part of ['broker', 'http'])
    for (const file of ['cert', 'key']) await found.file(`${part}.tls.${file}`, valueAt(value, part, 'tls', file));
  for (const kind of ['reminder', 'correctionOrder'])
    await found.file(`notices.templates.${kind}`, valueAt(value, 'notices', 'templates', kind));
  const channels = channelReferences(valueAt(value, 'notices', 'channels'));
  const under = (path: string) => `notices.channels.${path}`;
  for (const [path, own] of Object.entries(channels.secrets ?? {})) await found.secret(under(path), own);
  for (const [path, own] of Object.entries(channels.files ?? {})) await found.file(under(path), own);
  for (const { path, message } of channels.faults ?? []) found.fault(under(path), message);

  const trust = valueAt(value, 'http', 'trustProxy');
  const networks: unknown[] = typeof trust === 'string' ? [trust] : Array.isArray(trust) ? trust : [];
  networks.forEach((entry, i) => {
    const message = typeof entry === 'string' ? networkFault(entry) : null;
    if (message) found.fault(Array.isArray(trust) ? `http.trustProxy[${i}]` : 'http.trustProxy', message);
  });
  const issuer = valueAt(value, 'oidc', 'issuer');
  const refused = typeof issuer === 'string' ? issuerFault(issuer) : null;
  if (refused) found.fault('oidc.issuer', refused);
  const publicUrl = valueAt(value, 'http', 'publicUrl');
  if (valueAt(value, 'http', 'tls') && typeof publicUrl === 'string' && publicUrl.startsWith('http:'))
    found.fault('http.publicUrl', 'http.tls is set: the address that people use begins with https://');
  const mqtt = valueAt(value, 'mqtt');
  if (typeof mqtt === 'string' && mqtt !== 'embedded') {
    if (valueAt(value, 'broker'))
      found.fault('broker', `mqtt is ${mqtt.split(':')[0]}://…: the embedded broker is off`);
    if (valueAt(value, 'mqttCa') && mqtt.startsWith('mqtt:'))
      found.fault('mqttCa', 'mqtt:// is not encrypted; mqtts://');
  }
  return found.report;
}
