/** What a camera shows: quiet pictures until a pass is asked for, picture by picture, so that every pass can be counted. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { splitAccessUnits } from '../../../test-media/cameras/annex-b.ts';
import type { CameraFile } from '../../../test-media/cameras/rtsp-camera.ts';

/** From and to, pictures of the clip; both at keyframes. */
export type Stretch = readonly [number, number];

export type Pass = {
  readonly number: number;
  /** ms since the epoch at which its first picture was due, and the one after its last; null while it goes on. */
  readonly from: number;
  to: number | null;
  /** Kinds of faults put in while it was to be seen. */
  readonly faults: string[];
};

/** A clip's stream as it is, or encoded anew in another size with keyframes at the same places. */
export function streamOf(clip: string, into: string, name: string, size?: string): CameraFile {
  const path = join(into, `${name}.264`);
  const gop = ['-x264-params', 'keyint=10:min-keyint=10:scenecut=0:bframes=0'];
  const anew = ['-vf', `scale=${size}`, '-c:v', 'libx264', '-preset', 'veryfast', '-crf', '18', ...gop];
  const coding = size ? anew : ['-c', 'copy', '-bsf:v', 'h264_mp4toannexb'];
  execFileSync('ffmpeg', ['-v', 'error', '-y', '-i', clip, '-an', ...coding, path]);
  return { codec: 'h264', units: splitAccessUnits('h264', readFileSync(path)) };
}

/** With no quiet pictures one pass follows another. */
export function createScene(options: {
  readonly file: CameraFile;
  readonly other: CameraFile;
  readonly quiet: Stretch | null;
  readonly pass: Stretch;
}) {
  const { quiet, pass } = options;
  const passes: Pass[] = [];
  const waiting: { left: number; done: () => void }[] = [];
  let stretch: Stretch = quiet ?? pass;
  /** When the last keyframes were due, ms since the epoch. */
  const keys: number[] = [];
  let unit = stretch[0];
  let file = options.file;
  let wantsOther = false;
  let wantsPass = quiet === null;
  let current: Pass | null = null;
  let onPassPicture: ((picture: number) => void) | null = null;
  let settle: (() => void) | null = null;

  function begin(): void {
    stretch = pass;
    unit = pass[0];
    wantsPass = quiet === null;
    current = { number: passes.length + 1, from: Date.now(), to: null, faults: [] };
    passes.push(current);
  }
  function end(): void {
    if (current) current.to = Date.now();
    current = null;
    settle?.();
    settle = null;
  }
  /** The next picture is a keyframe. */
  function turn(): void {
    keys.push(Date.now());
    if (keys.length > 200) keys.shift();
    file = wantsOther ? options.other : options.file;
    if (unit < stretch[1] && !(stretch === quiet && wantsPass)) return;
    if (stretch === pass) end();
    if (wantsPass) begin();
    else {
      stretch = quiet ?? pass;
      unit = stretch[0];
    }
  }
  function tick(): void {
    for (const one of [...waiting]) {
      if (--one.left > 0) continue;
      waiting.splice(waiting.indexOf(one), 1);
      one.done();
    }
  }

  return {
    show() {
      const first = options.file.units[unit];
      if (passes.length === 0 && !quiet) begin();
      else if (unit >= stretch[1] || first?.key) turn();
      const shown = { file, unit };
      if (current) onPassPicture?.(unit - pass[0]);
      unit++;
      tick();
      return shown;
    },
    /** Settles when so many more pictures have been shown. */
    pictures: (count: number) => new Promise<void>((done) => void waiting.push({ left: count, done })),
    /** One pass from its first picture to its last. */
    async onePass(onPicture: (picture: number) => void): Promise<void> {
      onPassPicture = onPicture;
      const over = new Promise<void>((done) => {
        settle = done;
      });
      wantsPass = true;
      await over;
      onPassPicture = null;
    },
    /** From the next keyframe on. */
    setSize(other: boolean): void {
      wantsOther = other;
    },
    /** Picture of the pass that is shown now; null between passes. */
    passPicture: () => (current ? unit - pass[0] : null),
    current: () => current,
    /** Time of the first keyframe since then; null while there is none. */
    keyAfter: (time: number) => keys.find((key) => key >= time) ?? null,
    passes,
  };
}
