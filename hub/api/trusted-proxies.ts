/** Whose X-Forwarded-For is believed: anybody can write that header, and only a proxy of ours writes the truth. */
import { BlockList, isIP, isIPv6 } from 'node:net';
import type { HubConfig } from '../config.ts';

type TrustProxy = NonNullable<NonNullable<HubConfig['http']>['trustProxy']>;

/** Loopback, private and link-local networks: where a proxy of one's own stands. */
const OWN_NETWORKS = ['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'];
const OWN_NETWORKS_6 = ['::1/128', 'fc00::/7', 'fe80::/10'];

function addTo(list: BlockList, entry: string): void {
  const [address = '', bits] = entry.split('/');
  const family = isIPv6(address) ? 'ipv6' : 'ipv4';
  list.addSubnet(address, bits === undefined ? (family === 'ipv6' ? 128 : 32) : Number(bits), family);
}

function has(list: BlockList, address: string): boolean {
  const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address.split('%')[0] ?? '';
  return isIP(plain) !== 0 && list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4');
}

function listOf(entries: readonly string[]): BlockList {
  const list = new BlockList();
  for (const entry of entries) addTo(list, entry);
  return list;
}

/** What is wrong with an address or network, or null. */
export function networkFault(entry: string): string | null {
  const [address = '', bits, more] = entry.split('/');
  const most = isIPv6(address) ? 128 : 32;
  if (isIP(address) === 0 || more !== undefined)
    return 'expected an address or a network, e.g. 10.0.0.5 or 10.0.0.0/24';
  if (bits !== undefined && !(/^\d{1,3}$/.test(bits) && Number(bits) <= most))
    return `expected 0 to ${most} bits after the slash`;
  return null;
}

/**
 * As fastify asks: is this hop (0 = who is connected) a proxy of ours? `true` means one proxy in a network of one's own:
 * the last address that it wrote is taken, never the first, which the client may have written.
 */
export function trustedProxies(trust: TrustProxy | undefined): (address: string, hop: number) => boolean {
  if (trust === undefined || trust === false) return () => false;
  if (trust === true) {
    const own = listOf([...OWN_NETWORKS, ...OWN_NETWORKS_6]);
    return (address, hop) => hop === 0 && has(own, address);
  }
  if (typeof trust === 'number') return (_address, hop) => hop < trust;
  const list = listOf(typeof trust === 'string' ? [trust] : trust);
  return (address) => has(list, address);
}
