/** Where a webhook may point: a public address by https, unless the office allows its own network. */
import { type LookupAddress, lookup } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

/** IANA special-purpose registries: everything that is not somebody else's public server. */
const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const)
  inside.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of [
  ['::', 96],
  ['64:ff9b::', 96],
  ['64:ff9b:1::', 48],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 10],
  ['fec0::', 10],
  ['ff00::', 8],
] as const)
  inside.addSubnet(network, prefix, 'ipv6');

/** Whether an address is of a private network, of this machine, or of nobody. An IPv4 address within IPv6 counts as it is. */
export function isPrivateAddress(address: string): boolean {
  const family = isIP(address);
  if (family === 0) return true;
  return inside.check(address, family === 6 ? 'ipv6' : 'ipv4');
}

/** Why a webhook may not point there, as far as its address alone says; null when it may. */
export function targetFault(text: string, allowPrivate: boolean): string | null {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (!url || (url.protocol !== 'https:' && url.protocol !== 'http:')) return 'is no address that begins with https://';
  if (url.username !== '' || url.password !== '')
    return 'holds a name or password: secrets do not belong in an address';
  if (allowPrivate) return null;
  if (url.protocol !== 'https:') return 'must begin with https://';
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const own = host === 'localhost' || host.endsWith('.localhost') || (isIP(host) !== 0 && isPrivateAddress(host));
  return own ? 'points into a private network, which `webhooks.privateTargets` does not allow' : null;
}

/** Finds a host's addresses and gives none where one is private: what was checked is what is connected to. */
export const publicLookup: LookupFunction = (host, options, done) => {
  lookup(host, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, []);
    const list = addresses as LookupAddress[];
    if (list.some(({ address }) => isPrivateAddress(address)))
      return done(new Error('points into a private network'), []);
    const [first] = list;
    if (options.all) return done(null, list);
    return first ? done(null, first.address, first.family) : done(new Error('has no address'), []);
  });
};
