import { describe, expect, it } from 'vitest';
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import type { PackageHistoryEntry } from '../../contracts/package.ts';
import type { CasePackageV1 } from '../../contracts/package-v1.ts';
import { sha256Hex } from '../canonical.ts';
import { deriveNodeKey, eventHash, signEvent, type UnsignedEvent } from '../signing.ts';
import { historyEntryHash } from './chains.ts';
import type { PackageFile } from './report.ts';
import { verifyPackage } from './verify.ts';

const key = deriveNodeKey('package test');
const picture = Buffer.from('a picture');
const at = '2026-01-01T00:00:10.000Z';

function message(seq: number, prev: string): ViolationEvent {
  const unsigned = {
    v: 1,
    id: '6f1d3c1e-8a0b-5d0e-9f57-2b1c6a9e4d11',
    rev: seq,
    seq,
    node: 'edge-1',
    camera: 'cam-1',
    zone: 'kerb',
    kind: 'road-stall',
    phase: seq === 1 ? 'start' : 'update',
    startedAt: at,
    at,
    endedAt: null,
    score: 0.9,
    objects: [],
    detail: {
      dwellSeconds: 60,
      attended: true,
      permit: null,
      ruleWindow: 'always',
      subKind: 'road',
      unknownSeconds: 0,
    },
    location: null,
    evidence: [
      { role: 'start', sha256: sha256Hex(picture), mime: 'image/jpeg', bytes: picture.length, at, width: 4, height: 4 },
    ],
    model: { name: 'm', version: '1', sha256: sha256Hex('m') },
    rule: { version: '1', params: sha256Hex('p') },
    clock: { offsetMs: 0, source: 'pts' },
  } satisfies UnsignedEvent;
  return signEvent(unsigned, prev, key);
}

function entry(n: number, prev: string, to: 'pending-review' | 'filed'): PackageHistoryEntry {
  const unhashed = {
    case_id: 'c1',
    n,
    at,
    actor: n === 1 ? 'system' : 'li',
    action: n === 1 ? 'opened' : 'confirm',
    from_state: n === 1 ? null : ('pending-review' as const),
    to_state: to,
    note: null,
    data: { n },
    prev_hash: prev,
  };
  return { ...unhashed, hash: historyEntryHash(unhashed) };
}

function packageOfTwo(): CasePackageV1 {
  const first = message(1, GENESIS);
  const opened = entry(1, GENESIS, 'pending-review');
  return {
    format: 'kerbwatch-case',
    v: 1,
    exportedAt: at,
    exportedBy: 'li',
    case: {
      id: 'c1',
      number: '350500202601010000001',
      kind: 'road-stall',
      state: 'filed',
      version: 2,
      node: 'edge-1',
      camera: 'cam-1',
      zone: 'kerb',
      location: null,
      startedAt: at,
      endedAt: null,
      openedAt: at,
      lastSeenAt: at,
      sightings: 1,
      score: 0.9,
      detail: {},
      claimedBy: null,
      dueAt: null,
      site: null,
      recurrenceOf: null,
      mergedInto: null,
      thumbnail: null,
    },
    messages: [first, message(2, eventHash(first))].map((event) => ({ receivedAt: at, event })),
    nodes: [{ id: 'edge-1', publicKey: key.publicKeyPem }],
    history: [opened, entry(2, opened.hash, 'filed')],
  };
}

const path = `evidence/${sha256Hex(picture)}.jpg`;
const contents = (pack: unknown, bytes: Uint8Array | null = picture, more: string[] = []) => ({
  manifest: null,
  document: Buffer.from(JSON.stringify(pack)),
  files: new Map<string, PackageFile>([
    ...(bytes ? [[path, { bytes: bytes.length, sha256: sha256Hex(bytes) }] as const] : []),
    ...more.map((name) => [name, { bytes: 1, sha256: null }] as const),
  ]),
  faults: [],
});
const wrongChecks = (...found: Parameters<typeof contents>) =>
  verifyPackage(contents(...found), null)
    .checks.filter((check) => !check.ok)
    .map((check) => check.check);

describe('verifyPackage, format 1', () => {
  it('accepts a package that is whole', () => {
    const report = verifyPackage(contents(packageOfTwo()), null);
    expect(report.checks.flatMap((check) => check.faults)).toEqual([]);
    expect(report.ok).toBe(true);
    expect([report.verdict, report.root]).toEqual(['unproved', null]);
    expect(verifyPackage(contents(packageOfTwo()), 'f'.repeat(64)).verdict).toBe('unproved');
    expect(report.checks.find((check) => check.check === 'chain')?.count).toBe(2);
  });

  type Change = (pack: CasePackageV1) => void;
  const changes: readonly (readonly [string, Change, readonly string[]])[] = [
    [
      'a score that was raised',
      (p) => void Object.assign(p.messages[0]?.event ?? {}, { score: 1 }),
      ['signatures', 'chain'],
    ],
    ['a message left out is no fault', (p) => void p.messages.shift(), []],
    [
      'a message in a false place',
      (p) => void p.messages.splice(1, 1, { receivedAt: at, event: message(2, GENESIS) }),
      ['chain'],
    ],
    [
      'a key of someone else',
      (p) => void Object.assign(p, { nodes: [{ id: 'edge-1', publicKey: deriveNodeKey('x').publicKeyPem }] }),
      ['signatures'],
    ],
    ['no key', (p) => void Object.assign(p, { nodes: [] }), ['signatures']],
    ['a note added later', (p) => void Object.assign(p.history[1] ?? {}, { note: 'late' }), ['history']],
    ['an entry left out', (p) => void p.history.shift(), ['history']],
    ['another state', (p) => void Object.assign(p.case, { state: 'closed' }), ['case']],
    ['a message that is there twice', (p) => void p.messages.push(...p.messages.slice(1)), ['chain']],
    ['messages in another order', (p) => void p.messages.reverse(), ['messages']],
    ['an unknown key', (p) => void Object.assign(p, { extra: 1 }), ['format']],
  ];
  it.each(changes)('finds %s', (_, change, expected) => {
    const pack = structuredClone(packageOfTwo());
    change(pack);
    expect(wrongChecks(pack)).toEqual(expected);
  });

  it('finds a picture that was changed or is missing, unless its absence was declared', () => {
    expect(wrongChecks(packageOfTwo(), Buffer.from('b picture'))).toEqual(['files']);
    expect(wrongChecks(packageOfTwo(), null)).toEqual(['files']);
    expect(wrongChecks({ ...packageOfTwo(), absent: [sha256Hex(picture)] }, null)).toEqual([]);
  });

  it('finds a file that no message names', () => {
    expect(wrongChecks(packageOfTwo(), picture, ['evidence/other.jpg'])).toEqual(['files']);
  });

  it('says what is wrong with something else altogether', () => {
    expect(wrongChecks(null)).toEqual(['format']);
    expect(wrongChecks({ format: 'kerbwatch-case' })).toEqual(['format']);
  });
});
