/** P9: from the start of a node with a whole fleet to the last camera’s first inference. */
import type { NodeStatus } from '../contracts/status.ts';
import type { Checkout } from './checkout.ts';
import { startEdgeNode } from './fleet/edge-node.ts';
import { openRtspFleet } from './fleet/street-fleet.ts';
import { interleave } from './interleave.ts';
import { openMedia } from './media.ts';
import { type BenchOptions, checkoutsOf } from './options.ts';
import { type BenchRow, measuredRow } from './row.ts';

const MODEL = 'kerb-s-int8';
const ROUNDS = 3;
const LIMIT_S = 20;
const PATIENCE_MS = 180_000;

/** A camera leaves `blind` with the first frame that went through its line. */
const allSeen = (count: number) => (status: NodeStatus) => {
  const cameras = Object.values(status.cameras);
  return cameras.length === count && cameras.every(({ state }) => state !== 'blind');
};

/** The row of P9 for a whole fleet over RTSP; seconds, infinite where not every camera was seen. */
export async function fleetStart(options: BenchOptions): Promise<BenchRow> {
  const media = await openMedia();
  const fleet = await openRtspFleet(options.cameras, media);
  const { cameras } = fleet;
  const once = async (checkout: Checkout): Promise<number> => {
    const node = await startEdgeNode({ checkout, cameras, model: MODEL });
    try {
      const seen = await node.status(allSeen(cameras.length), PATIENCE_MS);
      return seen ? (performance.now() - node.startedAt) / 1000 : Number.POSITIVE_INFINITY;
    } finally {
      await node.close();
    }
  };
  try {
    const contenders = checkoutsOf(options).map((each) => ({ name: each.name, run: () => once(each) }));
    const [ours = [], others] = await interleave(contenders, ROUNDS);
    return measuredRow({
      id: 'P9',
      figure: `start to the last first inference, ${cameras.length} cameras over RTSP`,
      unit: 's',
      values: ours,
      ceiling: null,
      against: others ? { values: others } : null,
      aim: `< ${LIMIT_S} s`,
      met: ({ value }) => value < LIMIT_S,
      note: `Infinity: not all within ${PATIENCE_MS / 1000} s`,
    });
  } finally {
    await fleet.close();
    media.close();
  }
}
