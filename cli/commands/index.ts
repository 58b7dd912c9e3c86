/** The written list of commands. */
import type { Command } from 'commander';
import { registerBench } from './bench.ts';
import { registerCamera } from './camera.ts';
import { registerCheck } from './check.ts';
import { registerDemo } from './demo.ts';
import { registerDetect } from './detect.ts';
import { registerDoctor } from './doctor.ts';
import { registerEdge } from './edge.ts';
import { registerEval } from './eval.ts';
import { registerHub } from './hub.ts';
import { registerModels } from './models.ts';
import { registerNode } from './node.ts';
import { registerOutbox } from './outbox.ts';
import { registerReplay } from './replay.ts';
import { registerScenes } from './scenes.ts';
import { registerSim } from './sim.ts';
import { registerTrack } from './track.ts';
import { registerVerify } from './verify.ts';

export const commands: readonly ((program: Command) => void)[] = [
  registerEdge,
  registerHub,
  registerNode,
  registerCheck,
  registerDoctor,
  registerCamera,
  registerDetect,
  registerTrack,
  registerReplay,
  registerEval,
  registerScenes,
  registerModels,
  registerOutbox,
  registerVerify,
  registerSim,
  registerBench,
  registerDemo,
];
