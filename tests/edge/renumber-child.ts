/** A process that numbers refused messages anew for ever, to be killed: prints how many events it has appended. */
import { openOutbox } from '../../edge/outbox/index.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { systemClock } from '../../platform/clock.ts';
import { createLog } from '../../platform/log.ts';
import { deriveNodeKey } from '../../platform/signing.ts';
import { stallDraft } from './drafts.ts';

const [file = '', node = ''] = process.argv.slice(2);
const outbox = openOutbox({
  file,
  node,
  key: deriveNodeKey(node),
  clock: systemClock,
  log: createLog({ level: 'silent' }),
});
let count = (JSON.parse(outbox.loadState('line') ?? '{"count":0}') as { count: number }).count;
for (let turn = 0; ; turn++) {
  const drafts = [1, 2, 3].map((i) => stallDraft(count + i));
  count += drafts.length;
  outbox.append({ drafts, files: [], states: [{ name: 'line', json: JSON.stringify({ count }) }] });
  // The hub has other messages under every one of these numbers, some beyond this node's own last one.
  const head = { seq: outbox.lastSeq() + (turn % 3), hash: sha256Hex(String(turn)) };
  const clash = { status: 'quarantined' as const, code: 'ING_CONFLICT', taken: 'seq' as const, head, knownRev: 0 };
  outbox.settle(outbox.pending(8).map(({ id, rev, seq }) => ({ id, rev, seq, ...clash })));
  outbox.resendRefused();
  process.stdout.write(`${count}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
