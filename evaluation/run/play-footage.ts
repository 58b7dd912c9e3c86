/** Plays one clip without a violation through the edge line: what it reports is a false alarm, kept with its still. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ViolationEvent } from '../../contracts/event.ts';
import { isProposal } from '../../contracts/violations/detail.ts';
import type { Detector } from '../../edge/domain/detector.ts';
import { evidencePath } from '../../edge/evidence/index.ts';
import { replayClip } from '../../edge/replay.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import type { Log } from '../../platform/log.ts';
import type { FootageAlarm, FootagePicture, FootagePlay } from '../report/footage-report.ts';
import { drawOverlay } from './draw-failures.ts';
import type { FootageStore } from './footage-store.ts';
import type { FootageClip, FootageWatch } from './read-footage.ts';
import { rememberDetections } from './remember-detections.ts';

const START = Date.UTC(2026, 0, 1);
const WIDTH = 720;

export type FootageStage = {
  readonly watch: FootageWatch;
  /** The stream of a clip is made so long, s; null: each is played once. */
  readonly repeatToSeconds: number | null;
  readonly cadence: number;
  readonly detector: Detector;
  readonly modelDir: string;
  readonly store: Pick<FootageStore, 'putPicture'>;
  readonly log: Log;
};

/** The still nearest to when the event was reported: its boxes are of that moment. Heads are coarse in it already. */
async function readStill(event: ViolationEvent, evidenceDir: string): Promise<Buffer | null> {
  const apart = ({ at }: { readonly at: string }) => Math.abs(Date.parse(at) - Date.parse(event.at));
  const [still] = event.evidence.filter(({ mime }) => mime === 'image/jpeg').toSorted((a, b) => apart(a) - apart(b));
  return still ? readFile(evidencePath(evidenceDir, still.sha256, still.mime)) : null;
}

async function pictureOf(
  event: ViolationEvent,
  clip: FootageClip,
  evidenceDir: string,
  { watch, store }: FootageStage,
): Promise<FootagePicture | null> {
  const still = await readStill(event, evidenceDir);
  if (!still) return null;
  const detections = event.objects.map(({ class: label, score, box }) => ({ label, score, box }));
  const zone = watch.zones.find(({ id }) => id === event.zone);
  const { jpeg, width, height } = await drawOverlay(still, { zone, truths: [], detections }, WIDTH);
  // Two clips may have events of one id: each is the footage of one camera that begins at one instant.
  const name = `${event.model.name}-${sha256Hex(clip.name).slice(0, 8)}-${event.id}.jpg`;
  await store.putPicture(name, jpeg);
  return { name, width, height };
}

/** One alarm an event that is no proposal, as it was first reported; its detail as it was last. */
async function alarmsOf(
  events: readonly ViolationEvent[],
  clip: FootageClip,
  evidenceDir: string,
  stage: FootageStage,
): Promise<FootageAlarm[]> {
  const first = new Map<string, ViolationEvent>();
  const last = new Map<string, ViolationEvent>();
  for (const event of events) {
    if (isProposal(event.detail)) continue;
    if (!first.has(event.id)) first.set(event.id, event);
    last.set(event.id, event);
  }
  const alarms: FootageAlarm[] = [];
  for (const event of first.values()) {
    const { kind, zone, score, objects } = event;
    const [startSeconds, reportedSeconds] = [event.startedAt, event.at].map((at) => (Date.parse(at) - START) / 1000);
    alarms.push({
      clip: clip.name,
      ...{ kind, zone, score, objects },
      startSeconds: startSeconds ?? 0,
      reportedSeconds: reportedSeconds ?? 0,
      detail: last.get(event.id)?.detail ?? {},
      picture: await pictureOf(event, clip, evidenceDir, stage),
    });
  }
  return alarms;
}

/** Counts frames, and the boxes that the model drew on the first playing: later ones show the same pictures. */
function createCounts(ownSeconds: number) {
  const boxes: Record<string, number> = {};
  let [inferred, boxFrames, lastAt] = [0, 0, START];
  return {
    frame(at: number, wasInferred: boolean, detections: readonly { readonly concept: string }[]): void {
      lastAt = at;
      if (!wasInferred) return;
      inferred += 1;
      if ((at - START) / 1000 >= ownSeconds) return;
      boxFrames += 1;
      for (const { concept } of detections) boxes[concept] = (boxes[concept] ?? 0) + 1;
    },
    read: () => ({ inferred, boxFrames, boxes, lastSeconds: (lastAt - START) / 1000 }),
  };
}

/** @throws EDGE_SOURCE_*, EDGE_INFERENCE, CLI_WRITE */
export async function playFootage(clip: FootageClip, stage: FootageStage): Promise<FootagePlay> {
  const { watch, repeatToSeconds, cadence, detector, modelDir, log } = stage;
  const repeated = repeatToSeconds !== null && repeatToSeconds > clip.seconds;
  const counts = createCounts(clip.seconds);
  const dataDir = await mkdtemp(join(tmpdir(), 'kerbwatch-footage-'));
  try {
    const { events, frames } = await replayClip({
      clip: clip.file,
      camera: {
        id: 'footage',
        kind: watch.kind,
        zones: [...watch.zones],
        source: { url: clip.file, cadence },
      },
      node: 'eval',
      modelDir,
      detector: repeated ? rememberDetections(detector) : detector,
      startAt: START,
      ...(repeated ? { repeatToMs: repeatToSeconds * 1000 } : {}),
      dataDir,
      log,
      onFrame: ({ at, inferred, detections }) => counts.frame(at, inferred, detections),
    });
    const { lastSeconds, ...counted } = counts.read();
    return {
      clip: clip.name,
      folder: clip.folder,
      sha256: clip.sha256,
      ownSeconds: clip.seconds,
      streamSeconds: repeated ? lastSeconds + 1 / cadence : clip.seconds,
      frames,
      ...counted,
      alarms: await alarmsOf(events, clip, join(dataDir, 'evidence'), stage),
    };
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
}
