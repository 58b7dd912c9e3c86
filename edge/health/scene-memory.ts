/**
 * What a fixed camera usually sees: the steps of brightness between neighbouring cells, which stay where walls and
 * kerbs are while light comes and goes. A picture that has nothing in common with it shows another place. Pure.
 */

import { clamp } from '../geometry/numbers.ts';

/** Samples until the memory counts: two minutes of a camera's life. */
const LEARNING = 120;
/** Share of a new sample in the memory: about ten minutes. */
const FADE = 1 / 600;
/** Correlation below which nothing of the place is left; sun, shadow and a bus leave 0.4 and more. */
const ELSEWHERE = 0.15;
/** One hard edge must not outweigh the rest. */
const CLIP = 24;

export type SceneMemory = {
  readonly isElsewhere: (cells: Float32Array) => boolean;
  /** `doubtful` samples teach nothing, so that a turned camera does not become the usual view. */
  readonly learn: (cells: Float32Array, detail: number, doubtful: boolean) => void;
  /** Mean detail of the camera's pictures, 0 until it is known. */
  readonly usualDetail: () => number;
};

/** @param cols cells a row; their brightness, 0–255, is given row by row */
export function createSceneMemory(cols: number, rows: number): SceneMemory {
  const usual = new Float32Array(2 * cols * rows);
  const steps = new Float32Array(usual.length);
  let samples = 0;
  let detail = 0;

  const clip = (step: number): number => clamp(step, -CLIP, CLIP);
  function takeSteps(cells: Float32Array): void {
    for (let row = 0; row < rows; row++) {
      for (let col = 0; col < cols; col++) {
        const at = row * cols + col;
        const cell = cells[at] as number;
        steps[2 * at] = col > 0 ? clip(cell - (cells[at - 1] as number)) : 0;
        steps[2 * at + 1] = row > 0 ? clip(cell - (cells[at - cols] as number)) : 0;
      }
    }
  }
  function correlation(): number {
    let product = 0;
    let mine = 0;
    let theirs = 0;
    for (let i = 0; i < usual.length; i++) {
      const a = steps[i] as number;
      const b = usual[i] as number;
      product += a * b;
      mine += a * a;
      theirs += b * b;
    }
    return mine > 0 && theirs > 0 ? product / Math.sqrt(mine * theirs) : 1;
  }
  return {
    isElsewhere(cells) {
      if (samples < LEARNING) return false;
      takeSteps(cells);
      return correlation() < ELSEWHERE;
    },
    learn(cells, seen, doubtful) {
      if (doubtful) return;
      takeSteps(cells);
      samples++;
      const share = Math.max(FADE, 1 / samples);
      for (let i = 0; i < usual.length; i++)
        usual[i] = (usual[i] as number) + share * ((steps[i] as number) - (usual[i] as number));
      detail += share * (seen - detail);
    },
    usualDetail: () => (samples < LEARNING ? 0 : detail),
  };
}
