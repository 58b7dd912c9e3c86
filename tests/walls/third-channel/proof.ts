/**
 * Sends a notice by the last channel of the written list and prints what came of it, as JSON. Run in a copy of the sources
 * to which a channel was added; it names none itself.
 */
import { HubConfig } from '../../../hub/config.ts';
import { ChannelsConfig, openChannels } from '../../../hub/notices/channels/index.ts';
import { isValid } from '../../../platform/validate.ts';
import { openNoticeStage } from '../../hub/notice-stage.ts';
import { testDatabases } from '../../hub/stores.ts';

const HOUR = 3_600_000;
const own = JSON.parse(process.argv[2] ?? '{}') as Record<string, unknown>;
const kind = Object.keys(ChannelsConfig.properties).at(-1) ?? '';
const accepts = (channel: unknown) =>
  isValid(HubConfig, { dataDir: 'data', notices: { channels: { [kind]: channel } } });

const [sqlite] = testDatabases();
if (!sqlite) throw new Error('SQLite is always there');
await sqlite.start();
const stage = await openNoticeStage(sqlite, [kind]);
try {
  await stage.confirm();
  await stage.handOver();
  const worker = stage.worker(Object.fromEntries(openChannels({ [kind]: own })));
  const trail: unknown[] = [];
  while (await worker.round()) {
    for (const { state, attempts, reason } of await stage.deliveries()) trail.push([state, attempts, reason]);
    stage.advance(HOUR);
  }
  console.log(JSON.stringify({ kind, accepts: [accepts(own), accepts({ ...own, other: 1 }), accepts({})], trail }));
} finally {
  await stage.store.close();
  await sqlite.close();
}
