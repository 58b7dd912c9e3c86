/** What happens at a node's cameras, as messages with their stills on disk: the part that a pipeline plays in a real node. */
import { mkdir } from 'node:fs/promises';
import { dirname, relative } from 'node:path';
import type { EvidenceRef } from '../contracts/evidence.ts';
import { evidencePath } from '../edge/evidence/index.ts';
import type { EventDraft, EvidenceFile } from '../edge/outbox/index.ts';
import { sha256Hex } from '../platform/canonical.ts';
import { timestamp } from '../platform/clock.ts';
import { writeOnce } from '../platform/write-once.ts';
import { lifeOf, type Telling } from './camera-life.ts';
import type { SimCamera } from './fleet.ts';
import type { StillMaker } from './still.ts';

export type Happened = { readonly drafts: EventDraft[]; readonly files: EvidenceFile[] };

export type DiaryOptions = {
  readonly cameras: readonly SimCamera[];
  readonly seed: string;
  /** Where the simulated time begins, ms since the epoch. */
  readonly from: number;
  readonly stills: StillMaker;
  /** Folder of the node's evidence. */
  readonly dir: string;
};

async function makeStill(
  { stills, dir }: DiaryOptions,
  { draft, at }: Telling,
  role: EvidenceRef['role'],
): Promise<EvidenceRef> {
  const bytes = stills.make(`${draft.id} ${at} ${role}`);
  const sha256 = sha256Hex(bytes);
  const file = evidencePath(dir, sha256);
  await mkdir(dirname(file), { recursive: true });
  await writeOnce(file, bytes).catch((error: NodeJS.ErrnoException) => {
    // The same day from the same folder again.
    if (error.code !== 'EEXIST') throw error;
  });
  const { width, height } = stills;
  return { role, sha256, mime: 'image/jpeg', bytes: bytes.length, at: timestamp(at), width, height };
}

/** One message a camera waits to be due: a fleet needs no more memory the longer it lives. */
export function createDiary(options: DiaryOptions) {
  const lives = options.cameras.map((camera) => lifeOf(camera, options.seed, options.from));
  const waiting = lives.map((life) => life.next().value as Telling);

  async function takeFrom(i: number, to: number, happened: Happened): Promise<void> {
    for (let telling = waiting[i]; telling && telling.at <= to; telling = waiting[i]) {
      const mine = telling;
      const evidence = await Promise.all(mine.stills.map((role) => makeStill(options, mine, role)));
      happened.drafts.push({ ...mine.draft, evidence } as EventDraft);
      for (const { sha256 } of evidence)
        happened.files.push({ sha256, path: relative(options.dir, evidencePath(options.dir, sha256)) });
      waiting[i] = lives[i]?.next().value as Telling;
    }
  }

  return {
    /** Everything that has happened since and was due up to `to`, each camera's in its order. */
    async until(to: number): Promise<Happened> {
      const happened: Happened = { drafts: [], files: [] };
      for (const i of lives.keys()) await takeFrom(i, to, happened);
      return happened;
    },
  };
}
