/** One ONNX Runtime session on one thread: the only import of the runtime. */
import { MessageChannel } from 'node:worker_threads';
import { env, InferenceSession, Tensor } from 'onnxruntime-node';
import type { Tensors } from '../detectors/candidates.ts';
import { createDecoder } from '../detectors/decode.ts';
import { fillTensor } from '../detectors/fill-tensor.ts';
import type { ModelSpec } from '../detectors/model-spec.ts';
import type { Detection } from '../domain/detection.ts';
import type { Placement } from '../domain/frame.ts';
import { constantInputs, type GraphShape, outputNames, shapeFaults, type TensorShape } from '../models/check-shape.ts';
import { stripInputs } from '../models/strip-inputs.ts';

env.logLevel = 'error';

/** One thread a session and no spinning: threads beside each other beat threads inside, and idle ones cost nothing. */
export const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' }, inter_op: { allow_spinning: '0' } } },
};

export type ModelSession = {
  /** What the graph declares; after a truthful card, with the sizes of a first run in place of open ones. */
  readonly graph: GraphShape;
  readonly run: (pixels: Uint8Array, placement: Placement) => Promise<Detection[]>;
  /** The steps of `run`, to be timed apart: pixels into the input, the graph, boxes out of its outputs. */
  readonly steps: {
    readonly fill: (pixels: Uint8Array) => void;
    readonly infer: () => Promise<Tensors>;
    readonly decode: (outputs: Tensors, placement: Placement) => Detection[];
  };
  /** The same graph, read by another spec of the same file: one runs at a time, and closing it closes nothing. */
  readonly readAs: (other: ModelSpec) => ModelSession;
  readonly close: () => Promise<void>;
};

/** The first line of what the runtime says of a graph. */
export function runtimeMessage(error: unknown): string {
  return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
}

function shapesOf(metadata: readonly InferenceSession.ValueMetadata[]): TensorShape[] {
  return metadata.map((value) =>
    value.isTensor
      ? { name: value.name, type: value.type, shape: [...value.shape] }
      : { name: value.name, type: 'not a tensor', shape: [] },
  );
}

/**
 * Bytes go straight into the input. Numbers are made from a copy: reading them one by one out of memory that threads
 * share takes ten times as long.
 */
export function createFill(input: ModelSpec['input'], target: Uint8Array | Float32Array): (pixels: Uint8Array) => void {
  if (target instanceof Uint8Array) return (pixels) => fillTensor(input, pixels, target);
  const own = new Uint8Array(target.length);
  return (pixels) => {
    own.set(pixels);
    fillTensor(input, own, target);
  };
}

/**
 * Gives the memory of outputs back at once. Each run makes new ones outside of V8's heap, some 150 kB of which V8 sees
 * nothing: left to its garbage collector they were up to 30 MB a thread (measured). What is transferred to a closed
 * port is freed.
 */
function createRelease(): (outputs: Tensors) => void {
  const { port1 } = new MessageChannel();
  port1.close();
  return (outputs) => {
    const buffers = new Set(Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer));
    port1.postMessage(null, [...buffers]);
  };
}

function constantFeeds(spec: ModelSpec): Record<string, Tensor> {
  return Object.fromEntries(
    constantInputs(spec).map(({ name, dims, values }) => [
      name,
      new Tensor('int64', BigInt64Array.from(values, BigInt), dims),
    ]),
  );
}

/**
 * Loads a model. Throws what the runtime throws: its text is for the one who asked.
 * @param threads inside the runtime; the edge has one, and more sessions beside each other
 */
export async function openSession(spec: ModelSpec, bytes: Uint8Array, threads = 1): Promise<ModelSession> {
  const session = await InferenceSession.create(stripInputs(bytes), { ...sessionOptions, intraOpNumThreads: threads });
  const declared: GraphShape = { inputs: shapesOf(session.inputMetadata), outputs: shapesOf(session.outputMetadata) };
  const size = 3 * spec.input.width * spec.input.height;
  const data = spec.input.type === 'uint8' ? new Uint8Array(size) : new Float32Array(size);
  const { width, height, layout } = spec.input;
  const dims = layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
  const feeds = { [spec.input.name]: new Tensor(spec.input.type, data, dims), ...constantFeeds(spec) };
  const fetches = outputNames(spec);
  const infer = async () => (await session.run(feeds, fetches)) as Tensors & Record<string, Tensor>;
  const fill = createFill(spec.input, data);
  const releaseOutputs = createRelease();

  let graph = declared;
  if (shapeFaults(spec, declared).length === 0) {
    const first = await infer();
    const outputs = fetches.map((name) => ({
      name,
      type: first[name]?.type ?? 'float32',
      shape: [...(first[name]?.dims ?? [])],
    }));
    graph = { inputs: declared.inputs, outputs };
  }
  function readAs(own: ModelSpec, close: () => Promise<void>): ModelSession {
    const decode = createDecoder(own);
    return {
      graph,
      run: async (pixels, placement) => {
        fill(pixels);
        const outputs = await infer();
        try {
          return decode(outputs, placement);
        } finally {
          releaseOutputs(outputs);
        }
      },
      steps: { fill, infer, decode },
      readAs: (other) => readAs(other, async () => {}),
      close,
    };
  }
  return readAs(spec, () => session.release());
}
