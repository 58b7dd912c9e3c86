/** A process that appends findings and state for ever, to be killed: prints the count after each append. */
import { openOutbox } from '../../edge/outbox/index.ts';
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
  const drafts = Array.from({ length: 1 + (turn % 3) }, (_, i) => stallDraft(count + i + 1));
  count += drafts.length;
  const passes = { camera: 'cam-1', zone: 'gate', kind: 'muck-truck', hour: 0, watchedMs: 0 } as const;
  outbox.append({
    ...{ drafts, files: [], states: [{ name: 'line', json: JSON.stringify({ count }) }] },
    hours: [{ ...passes, statistics: { passes: drafts.length } }],
  });
  if (turn % 4 === 3) {
    const [oldest] = outbox.pending(1);
    if (oldest) outbox.settle([{ id: oldest.id, rev: oldest.rev, seq: oldest.seq, status: 'stored' }]);
  }
  process.stdout.write(`${count}\n`);
  await new Promise((resolve) => setImmediate(resolve));
}
