/** Every kind of change to a package is found and named; what is whole is proved, under the right root alone. */
import { describe, expect, test } from 'vitest';
import { PACKAGE_DOCUMENT, PACKAGE_MANIFEST } from '../../contracts/package.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { historyEntryHash } from '../../platform/package/chains.ts';
import { verifyPackage } from '../../platform/package/verify.ts';
import { deriveNodeKey, signEvent } from '../../platform/signing.ts';
import { createTestNode, START } from '../hub/node.ts';
import {
  contentsOf,
  type Files,
  keyRow,
  pack,
  pictures,
  rehash,
  rootKey,
  sampleDocument,
  sampleKeys,
  withDocument,
  withManifest,
} from './sample-package.ts';

const root = rootKey('the hub');
const whole = pack(root);
const check = (files: Files, trust: string | null = root.fingerprint) => verifyPackage(contentsOf(files), trust);
const faultsOf = (files: Files, trust?: string | null) => check(files, trust).checks.flatMap(({ faults }) => faults);
const wrong = (files: Files) =>
  check(files)
    .checks.filter(({ ok }) => !ok)
    .map((one) => one.check);

/** A small linear generator: the same flips at each run. */
function createDice(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * below);
  };
}

function flip(files: Files, path: string, at: number, mask: number): Files {
  const bytes = Buffer.from(files.get(path) ?? '');
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  return new Map([...files, [path, bytes]]);
}

describe('a package that is whole', () => {
  test('is proved under its root, consistent without one, refused under another', () => {
    expect(faultsOf(whole)).toEqual([]);
    expect(check(whole)).toMatchObject({ ok: true, verdict: 'proved', root: root.fingerprint });
    expect(check(whole, null)).toMatchObject({ ok: true, verdict: 'unproved', root: root.fingerprint });
    const other = rootKey('someone else').fingerprint;
    expect(check(whole, other).verdict).toBe('changed');
    expect(faultsOf(whole, other)).toEqual([`signed by ${root.fingerprint}, you trust ${other}`]);
  });

  test('says apart what the hub’s and what the nodes’ signatures prove', () => {
    const by = Object.fromEntries(check(whole).checks.map((one) => [one.check, [one.by, one.count]]));
    expect(by).toEqual({
      format: ['form', 2],
      manifest: ['hub', 1],
      trust: ['hub', 1],
      files: ['hub', 3],
      case: ['hub', 26],
      messages: ['hub', 5],
      history: ['hub', 3],
      keys: ['hub', 2],
      signatures: ['node', 5],
      chain: ['node', 6],
      evidence: ['node', 3],
    });
    const evidence = check(whole).checks.find((one) => one.check === 'evidence');
    expect(evidence?.notes).toEqual([expect.stringMatching(/^[0-9a-f]{64} \(after\) had been removed by the hub/)]);
  });
});

describe('bytes', () => {
  test.each([...whole.keys()])('each of 400 flips in %s is found', (path) => {
    const dice = createDice(7);
    const { length } = whole.get(path) ?? Buffer.alloc(0);
    const missed: string[] = [];
    for (let i = 0; i < 400; i++) {
      const [at, mask] = [dice(length), 1 + dice(255)];
      const report = check(flip(whole, path, at, mask));
      if (report.verdict !== 'changed') missed.push(`${path} at ${at} with ${mask}`);
    }
    expect(missed).toEqual([]);
  });

  test.each([PACKAGE_MANIFEST, PACKAGE_DOCUMENT])('blanks, line ends and a byte order mark in %s are found', (path) => {
    const text = String(whole.get(path));
    for (const other of [
      ` ${text}`,
      `${text}\n`,
      text.replace('{', '{ '),
      `\ufeff${text}`,
      text.replace('"v"', '"\\u0076"'),
    ]) {
      expect(faultsOf(new Map([...whole, [path, Buffer.from(other)]])).join('\n')).toContain(path);
    }
  });

  test('the spare bits of the last letter of a signature are no hiding place', () => {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
    const next = (sig: string) => sig.slice(0, -1) + (letters[letters.indexOf(sig.at(-1) ?? 'A') + 1] ?? '');
    expect(wrong(withManifest(whole, (manifest) => Object.assign(manifest, { sig: next(manifest.sig) })))).toContain(
      'manifest',
    );
    const keys = withDocument(whole, ({ keys: [first] }) => first && Object.assign(first, { sig: next(first.sig) }));
    expect(wrong(keys)).toContain('keys');
  });
});

describe('the summary', () => {
  const fields = Object.keys(sampleDocument(root).case);
  test('has all its fields in the sample', () => expect(fields).toHaveLength(22));
  test.each(fields)('%s changed is found and named', (field) => {
    for (const forge of [(files: Files) => files, rehash]) {
      const files = withDocument(whole, (document) => {
        const { case: summary } = document as { case: Record<string, unknown> };
        const value = summary[field];
        const others: Record<string, unknown> = { kind: 'bike-clutter', state: 'closed', location: null, detail: {} };
        summary[field] =
          others[field] ??
          (typeof value === 'number' ? value + 1 : field.endsWith('At') ? '2020-01-01T00:00:00.000Z' : 'x');
        if (field === 'location') summary[field] = null;
      });
      expect(faultsOf(forge(files)).join('\n')).toContain(`case.${field} is `);
    }
  });

  test.each(['exportedAt', 'exportedBy'])('%s changed is found and named', (field) => {
    const files = withDocument(whole, (document) => Object.assign(document, { [field]: '2020-01-01T00:00:00.000Z' }));
    expect(faultsOf(files).join('\n')).toContain(`${field} is "2020-01-01T00:00:00.000Z", the hub signed`);
  });
});

describe('messages', () => {
  const of = (change: Parameters<typeof withDocument>[1]) => faultsOf(rehash(withDocument(whole, change))).join('\n');
  const name = (seq: number, rev: number) =>
    `node-a seq ${seq} (road-stall ${rev === 1 ? 'start' : 'update'}, rev ${rev})`;

  test.each([
    ['first', 0, 'node-a seq 1'],
    ['middle', 2, 'node-a seq 4'],
    ['last of a node', 3, 'node-a seq 5'],
    ['last', 4, 'node-b seq 1'],
  ])('the %s one dropped', (_, index, expected) => {
    expect(of(({ messages }) => messages.splice(index, 1))).toContain(`${expected}: was removed`);
  });

  test('the middle one dropped with its hash given as a link', () => {
    const files = rehash(
      withDocument(whole, ({ messages, links }) => {
        const [gone] = messages.splice(2, 1);
        const link = JSON.parse(String(whole.get(PACKAGE_MANIFEST))).messages[2] as { hash: string };
        links.push({ node: 'node-a', seq: 4, prev: gone?.event.chain.prev ?? '', hash: link.hash });
      }),
    );
    expect(faultsOf(files).join('\n')).toContain('node-a seq 4: was removed');
    expect(faultsOf(files).join('\n')).toContain('links were changed');
  });

  test('one doubled, two exchanged, one added, one of another content, another time of arrival', () => {
    expect(of(({ messages }) => messages.splice(1, 0, ...messages.slice(0, 1)))).toContain(
      `${name(1, 1)}: is there twice`,
    );
    expect(of(({ messages }) => messages.splice(0, 2, ...messages.slice(0, 2).reverse()))).toContain('is out of order');
    expect(of(({ messages }) => messages.reverse())).toContain('is out of order');
    const added = createTestNode('node-b');
    added.tell();
    expect(
      of(({ messages }) => messages.push({ receivedAt: messages[0]?.receivedAt ?? '', event: added.tell({ rev: 2 }) })),
    ).toContain('node-b seq 2 (road-stall update, rev 2): was added');
    expect(of(({ messages: [first] }) => first && Object.assign(first.event, { score: 1 }))).toContain(
      `${name(1, 1)}: was changed`,
    );
    expect(
      of(({ messages: [first] }) => first && Object.assign(first, { receivedAt: '2026-01-01T00:00:00.000Z' })),
    ).toContain(`${name(1, 1)}: receivedAt is 2026-01-01T00:00:00.000Z, the hub signed`);
  });

  test('a fork of the node’s chain is told as the hub signed it; one that it did not sign is a finding', () => {
    const document = sampleDocument(root);
    const apart = createTestNode('node-a');
    const [, second, ...others] = document.messages;
    const event = apart.forge({ rev: 2 }, 3);
    document.messages.splice(1, 1, { receivedAt: second?.receivedAt ?? '', event });
    const forked = pack(root, document);
    expect(others).toHaveLength(3);
    expect(faultsOf(forked)).toEqual([]);
    expect(check(forked).checks.find((one) => one.check === 'chain')?.notes).toEqual([
      'node-a seq 3 (road-stall update, rev 2): the node’s chain forks here, as the hub noticed',
      'node-a seq 4 (road-stall update, rev 3): the node’s chain forks here, as the hub noticed',
    ]);
    const unsigned = withManifest(forked, (manifest) => Object.assign(manifest, { forks: [] }), root);
    expect(wrong(unsigned)).toEqual(['chain']);
    const invented = withManifest(whole, ({ forks }) => forks.push({ node: 'node-a', seq: 3 }), root);
    expect(faultsOf(invented)).toEqual(['node-a seq 3: is said to be a fork, and follows the message before it']);
  });

  test('links dropped, added and doubled', () => {
    expect(of((document) => Object.assign(document, { links: [] }))).toContain('links were changed');
    expect(of(({ links }) => links.push(...links))).toContain('links were changed');
  });
});

describe('the trail', () => {
  const rewrite = (change: (entries: ReturnType<typeof sampleDocument>['history']) => void) =>
    rehash(
      withDocument(whole, ({ history }) => {
        change(history);
        let prev = '0'.repeat(64);
        for (const [i, entry] of history.entries()) {
          Object.assign(entry, { n: i + 1, prev_hash: prev });
          const { hash: _, ...unhashed } = entry;
          prev = historyEntryHash(unhashed);
          entry.hash = prev;
        }
      }),
    );

  test('cut back, with the summary made to fit', () => {
    const files = withDocument(
      rewrite((entries) => entries.splice(1)),
      (document) => Object.assign(document.case, { state: 'pending-review' }),
    );
    const faults = faultsOf(rehash(files)).join('\n');
    expect(faults).toContain('entries 2 to 3 were cut off');
    expect(faults).toContain('case.state is "pending-review", the hub signed "dispatched"');
  });

  test('another actor, rehashed; an entry added; every case id replaced, rehashed', () => {
    expect(faultsOf(rewrite(([, second]) => second && Object.assign(second, { actor: 'zhao' }))).join()).toContain(
      'the trail was written anew',
    );
    expect(faultsOf(rewrite((entries) => entries.push(...entries.slice(2)))).join()).toContain(
      'entries from 4 on were added',
    );
    const files = withDocument(
      rewrite((entries) => {
        for (const entry of entries) entry.case_id = 'c2';
      }),
      (document) => Object.assign(document.case, { id: 'c2' }),
    );
    const faults = faultsOf(rehash(files)).join('\n');
    expect(faults).toContain('case.id is "c2", the hub signed "c1"');
    expect(faults).toContain('entry 1 (opened by system): is of case c2');
  });
});

describe('files', () => {
  const evidence = `evidence/${sha256Hex(pictures[1] ?? '')}.jpg`;
  test('one missing, one changed, one longer, one more, and the manifest or the case itself gone', () => {
    const without = (path: string): Files => new Map([...whole].filter(([name]) => name !== path));
    expect(faultsOf(without(evidence))).toEqual([`${evidence} is missing`]);
    expect(faultsOf(flip(whole, evidence, 3, 1))).toEqual([
      `${evidence} was changed: its content is not what the hub signed`,
    ]);
    expect(faultsOf(new Map([...whole, [evidence, Buffer.from('x')]]))).toEqual([
      `${evidence} was changed: it has 1 bytes, the hub signed 23`,
    ]);
    for (const path of ['evidence/extra.jpg', 'read-me.txt', `evidence/${'0'.repeat(64)}.jpg`]) {
      expect(faultsOf(new Map([...whole, [path, Buffer.from('x')]]))).toEqual([
        `${path} does not belong to the package`,
      ]);
    }
    expect(faultsOf(without(PACKAGE_MANIFEST))).toContain('manifest.json is missing');
    expect(faultsOf(without(PACKAGE_DOCUMENT))).toContain('case.json is missing');
  });

  test('evidence taken out and listed as absent; a reason changed', () => {
    const without: Files = new Map([...whole].filter(([name]) => name !== evidence));
    const abused = withManifest(without, (manifest) => {
      manifest.files = manifest.files.filter(({ path }) => path !== evidence);
      manifest.absent.push({ sha256: sha256Hex(pictures[1] ?? ''), reason: 'removed' });
    });
    expect(faultsOf(abused)).toContain('manifest.json: the hub’s signature is wrong');
    const [first] = [withManifest(whole, ({ absent: [one] }) => one && Object.assign(one, { reason: 'not-arrived' }))];
    expect(wrong(first)).toEqual(['manifest']);
  });

  test('the hub itself cannot leave evidence unsaid, or call absent what is there', () => {
    const unsaid = withManifest(whole, (manifest) => Object.assign(manifest, { absent: [] }), root);
    expect(faultsOf(unsaid)).toEqual([expect.stringMatching(/\(after\) is named by the node and missing/)]);
    const both = withManifest(
      whole,
      (manifest) => manifest.absent.push({ sha256: sha256Hex(pictures[1] ?? ''), reason: 'removed' }),
      root,
    );
    expect(faultsOf(both)).toEqual([`${evidence} is here, and said to be absent`]);
  });
});

describe('authors', () => {
  test('a whole forgery under the forger’s own root passes for nobody who knows the hub’s', () => {
    const forger = rootKey('forger');
    const forged = pack(forger);
    expect(check(forged, null).verdict).toBe('unproved');
    expect(check(forged).verdict).toBe('changed');
    expect(faultsOf(forged)).toEqual([`signed by ${forger.fingerprint}, you trust ${root.fingerprint}`]);
  });

  test('a forger’s root under the hub’s fingerprint, and the hub’s key over a forger’s signature', () => {
    const forger = rootKey('forger');
    const named = withManifest(pack(forger), (m) => Object.assign(m.root, { fingerprint: root.fingerprint }), forger);
    expect(wrong(named)).toEqual(['manifest', 'trust']);
    const keyed = withManifest(
      pack(forger),
      (m) => Object.assign(m.root, { fingerprint: root.fingerprint, publicKey: root.pem }),
      forger,
    );
    expect(wrong(keyed)).toEqual(expect.arrayContaining(['manifest', 'keys']));
  });

  test('a node’s key that the root did not certify, or certified for another node', () => {
    const stranger = deriveNodeKey('stranger');
    const forged = sampleDocument(root);
    for (const message of forged.messages) {
      const { chain, ...unsigned } = message.event;
      message.event = signEvent(unsigned, chain.prev, stranger);
    }
    expect(wrong(pack(root, forged))).toEqual(['signatures']);
    const swapped = sampleKeys().map((row) => ({ ...row, node: row.node === 'node-a' ? 'node-b' : 'node-a' }));
    const faults = faultsOf(pack(root, sampleDocument(root, swapped)));
    expect(faults).toHaveLength(5);
    expect(faults[0]).toContain(
      'node-a seq 1 (road-stall start, rev 1): is not signed by a key that the hub certifies',
    );
  });

  test('a certificate cannot be changed, nor taken from another root, nor stand for a manifest', () => {
    const document = sampleDocument(root);
    document.keys = sampleDocument(rootKey('forger')).keys;
    expect(wrong(pack(root, document))).toEqual(['keys', 'signatures']);
    const longer = sampleDocument(root);
    Object.assign(longer.keys[0] ?? {}, { revokedAt: null, rotatedAt: '2030-01-01T00:00:00.000Z' });
    expect(faultsOf(pack(root, longer)).join()).toContain('the root has not certified it');
  });

  const at = (ms: number) => new Date(START + ms).toISOString();
  const other = keyRow('node-a', deriveNodeKey('next key'), 2);
  const [a, b] = sampleKeys() as [ReturnType<typeof keyRow>, ReturnType<typeof keyRow>];

  test('cases of before verify after a rotation, and what waited on the node too', () => {
    const rotated = { ...a, rotated_at: at(500) };
    const late = sampleDocument(root, [other, rotated, b], at(40 * 86_400_000));
    expect(faultsOf(pack(root, late))).toEqual([]);
    const longAgo = { ...a, rotated_at: at(-30 * 86_400_000) };
    const faults = faultsOf(pack(root, sampleDocument(root, [other, longAgo, b])));
    expect(faults).toHaveLength(4);
    expect(faults[0]).toMatch(/^node-a seq 1 .*the key was replaced at .*, and the event is of later$/);
  });

  test('what had come in before a revocation stays proved; what came in after it is named', () => {
    const revoked = { ...a, revoked_at: at(2000), reason: 'the box was stolen' };
    expect(faultsOf(pack(root, sampleDocument(root, [other, revoked, b], at(1999))))).toEqual([]);
    const keys = check(pack(root, sampleDocument(root, [other, revoked, b], at(1999)))).checks.find(
      (one) => one.check === 'keys',
    );
    expect(keys?.notes).toEqual([expect.stringMatching(/of node-a was revoked at .*\(the box was stolen\)/)]);
    const faults = faultsOf(pack(root, sampleDocument(root, [other, revoked, b], at(2000))));
    expect(faults).toHaveLength(4);
    expect(faults[0]).toContain(`the key was revoked at ${at(2000)} (the box was stolen)`);
  });
});

describe('what is no package', () => {
  test.each([
    ['nothing', ''],
    ['null', 'null'],
    ['a list', '[]'],
    ['text', 'case'],
    ['a number', '1e999'],
    ['half a file', String(whole.get(PACKAGE_DOCUMENT)).slice(0, 900)],
    ['deep brackets', '['.repeat(200_000)],
    ['deep detail', `{"format":"kerbwatch-case","v":2,"case":{"detail":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`],
  ])('%s is a finding, not a crash', (_, text) => {
    for (const path of [PACKAGE_MANIFEST, PACKAGE_DOCUMENT]) {
      expect(check(new Map([...whole, [path, Buffer.from(text)]])).verdict).toBe('changed');
    }
  });

  test('a detail nested beyond every stack, with every schema held', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = String(whole.get(PACKAGE_DOCUMENT)).replace(
      /"detail": \{\s*"dwellSeconds": 180\s*\}/,
      `"detail": ${deep}`,
    );
    expect(text).toContain(deep);
    const faults = faultsOf(new Map([...whole, [PACKAGE_DOCUMENT, Buffer.from(text)]]));
    expect(faults).toContainEqual(expect.stringMatching(/^case\.json was changed/));
    expect(faults).toContainEqual(expect.stringMatching(/^case\.json cannot be checked: /));
    expect(check(new Map([...whole, [PACKAGE_DOCUMENT, Buffer.from(text)]])).verdict).toBe('changed');
  });
});
