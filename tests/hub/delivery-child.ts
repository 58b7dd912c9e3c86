/** A worker that is killed in the middle of a delivery: before it sends, after it, or once all is written down. */
import { appendFileSync } from 'node:fs';
import { Registry } from 'prom-client';
import { createChanges } from '../../hub/changes.ts';
import type { Deliver } from '../../hub/notices/channels/contract.ts';
import { createDeliveries } from '../../hub/notices/deliveries.ts';
import { openStore } from '../../hub/storage/store.ts';
import { createLog } from '../../platform/log.ts';

const [url = '', file = '', step = '', now = ''] = process.argv.slice(2);
const log = createLog({ level: 'silent' });
const store = await openStore(url, { log });
const killedAt = (here: string) => here === step && process.kill(process.pid, 'SIGKILL');

const toFile: Deliver = async ({ id }) => {
  killedAt('claimed');
  appendFileSync(file, `${id}\n`, { flush: true });
  killedAt('sent');
  return { state: 'delivered' };
};
const deliveries = createDeliveries({
  ...{ store, clock: { now: () => Number(now) }, channels: new Map([['file', toFile]]) },
  ...{ linkOf: () => null, print: async () => Buffer.alloc(0), changes: createChanges() },
  ...{ log, metrics: new Registry() },
});
await deliveries.round();
killedAt('settled');
await store.close();
