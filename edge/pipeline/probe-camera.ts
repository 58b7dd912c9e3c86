/** One camera before it is configured: its stream described, its first whole picture as a still to draw zones on. */
import { sharedEncoder } from '../evidence/jpeg-encoder.ts';
import type { CameraProbe } from '../source/probe/facts.ts';
import { probeStream } from '../source/probe/index.ts';
import { protocolOf } from '../source/protocols.ts';

export type ProbeOptions = {
  readonly credentials?: { readonly user: string; readonly password: string } | null;
  readonly transport?: 'tcp' | 'udp';
  readonly timeoutMs?: number;
  /** Width over height of the shown picture, for a stream that does not say it. */
  readonly aspect?: number | null;
};

export type ProbedCamera = { readonly probe: CameraProbe; readonly still: Uint8Array | null };

/** Rejects with EDGE_SOURCE_*, EDGE_EVIDENCE. A stream without a keyframe in the time is none of these: `still` is null. */
export async function probeCamera(url: string, options: ProbeOptions = {}): Promise<ProbedCamera> {
  const transport = options.transport ?? 'tcp';
  const { probe, still } = await probeStream(
    { camera: 'probe', url, credentials: options.credentials ?? null, transport },
    protocolOf(url).open({ url, transport, loop: false }, 'replay'),
    { timeoutMs: options.timeoutMs ?? 20_000, aspect: options.aspect ?? null },
  );
  try {
    return { probe, still: still ? (await sharedEncoder.encode(still.full, 0, [])).jpeg : null };
  } finally {
    still?.release();
  }
}
