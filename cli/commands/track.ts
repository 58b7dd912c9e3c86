/** `kerbwatch track`: the tracker alone, MOTChallenge text in and out. */
import type { Command } from 'commander';
import { print } from '../support/print.ts';

type TrackArguments = {
  readonly detections: string;
  readonly out?: string;
  readonly fps: string;
  readonly json?: boolean;
};

async function track({ detections, fps, out, json }: TrackArguments): Promise<void> {
  const { trackFile } = await import('../../evaluation/run/track-file.ts');
  const { text, ...summary } = await trackFile(detections, Number(fps), out);
  print(json, summary, out ? `${summary.boxes} boxes of ${summary.tracks} tracks: ${out}\n` : text);
}

/** Adds the command to the program. */
export function registerTrack(program: Command): void {
  program
    .command('track')
    .description('give detections an identity, with the tracker that cameras run: MOTChallenge text in and out')
    .requiredOption('--detections <file>', 'det.txt: frame,id,x,y,w,h,score,… in pixels')
    .option('--out <file>', 'write the result here (default: stdout)')
    .option('--fps <number>', 'frames a second of the sequence', '25')
    .option('--json', 'print a summary as JSON on stdout')
    .action(track);
}
