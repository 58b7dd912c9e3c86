/** Whose X-Forwarded-For is believed, asked as fastify asks. */
import Fastify from 'fastify';
import { expect, test } from 'vitest';
import { sourceOf } from '../client-address.ts';
import { networkFault, trustedProxies } from './trusted-proxies.ts';

type Trust = Parameters<typeof trustedProxies>[0];

async function addressSeen(trust: Trust, from: string, forwarded?: string): Promise<unknown> {
  const app = Fastify({ trustProxy: trustedProxies(trust) });
  app.get('/', async (request) => request.ip);
  const headers = forwarded === undefined ? {} : { 'x-forwarded-for': forwarded };
  return (await app.inject({ url: '/', remoteAddress: from, headers })).body;
}

test.each<[string, Trust, string, string | undefined, string]>([
  ['nobody is trusted by default', undefined, '10.0.0.5', '1.2.3.4', '10.0.0.5'],
  ['false', false, '10.0.0.5', '1.2.3.4', '10.0.0.5'],
  [
    'true: what the proxy wrote, not what the client wrote before it',
    true,
    '10.0.0.5',
    '6.6.6.6, 203.0.113.9',
    '203.0.113.9',
  ],
  [
    'true: a client inside of the own network cannot write another address',
    true,
    '10.0.0.5',
    '6.6.6.6, 10.1.2.3',
    '10.1.2.3',
  ],
  ['true: whoever comes from outside is no proxy', true, '203.0.113.9', '1.2.3.4', '203.0.113.9'],
  ['true: an IPv4 proxy on an IPv6 socket', true, '::ffff:10.0.0.5', '203.0.113.9', '203.0.113.9'],
  ['an address', '10.0.0.5', '10.0.0.5', '6.6.6.6, 203.0.113.9', '203.0.113.9'],
  ['another address', '10.0.0.6', '10.0.0.5', '203.0.113.9', '10.0.0.5'],
  [
    'networks, two proxies in a row',
    ['10.0.0.0/24', '::1'],
    '10.0.0.5',
    '6.6.6.6, 203.0.113.9, 10.0.0.7',
    '203.0.113.9',
  ],
  ['a number of proxies', 2, '10.0.0.5', '6.6.6.6, 203.0.113.9, 10.0.0.7', '203.0.113.9'],
  ['rubbish in the header', true, '10.0.0.5', 'rubbish', 'rubbish'],
])('%s', async (_, trust, from, forwarded, seen) => {
  expect(await addressSeen(trust, from, forwarded)).toBe(seen);
});

test.each([
  ['10.0.0.5', null],
  ['10.0.0.0/24', null],
  ['fd00::/8', null],
  ['proxy.example', 'expected an address'],
  ['10.0.0.0/33', 'expected 0 to 32'],
  ['10.0.0.0/', 'expected 0 to 32'],
  ['10.0.0.0/8/8', 'expected an address'],
])('network %s', (entry, fault) => {
  const found = networkFault(entry);
  if (fault === null) expect(found).toBeNull();
  else expect(found).toContain(fault);
});

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:0db8:0001:0002::9', '2001:db8:1:2::/64'],
  ['::1', '0:0:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
])('%s is counted as %s', (address, source) => {
  expect(sourceOf(address)).toBe(source);
});
