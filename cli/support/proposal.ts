/** A proposal written where it was asked for. */
import { basename } from 'node:path';
import { proposalFile } from '../../evaluation/adapt/proposal-file.ts';
import type { AdaptedCamera } from '../../evaluation/run/adapt-camera.ts';
import { systemClock, timestamp } from '../../platform/clock.ts';
import { writeResult } from '../../platform/write-result.ts';

/** @param verdicts the export's file, named in it. @throws CLI_WRITE */
export function writeProposal(out: string, verdicts: string, { adaptation, sha256 }: AdaptedCamera): Promise<void> {
  const madeAt = timestamp(systemClock.now());
  return writeResult('--out', out, proposalFile(adaptation, { file: basename(verdicts), sha256, madeAt }));
}
