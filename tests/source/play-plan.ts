/** Plays packets through a decode plan as a source does, with a decoder that is sure and a look that sees everything. */
import { expect } from 'vitest';
import type { DecodePlan, DecodeStep, PlanNote } from '../../edge/source/decode/decode-plan.ts';

export type Packet = { readonly atMs: number; readonly key: boolean; readonly bytes: number };
export type Played = {
  readonly steps: DecodeStep[];
  /** Moments whose pictures were decoded, in the order in which they left the decoder. */
  readonly decoded: number[];
  readonly taken: number[];
  readonly notes: { readonly atMs: number; readonly note: PlanNote }[];
};

/** Pictures that a decoder holds back because an earlier one may still come. */
const REORDERED = 2;

/** `sceneAt` names what is to be seen at a moment: a look says `changed` when it is not what the last look saw. */
export function play(
  plan: DecodePlan,
  packets: readonly Packet[],
  sceneAt: (atMs: number) => number = () => 0,
  reordered = packets.some(({ atMs }, i) => atMs < (packets[i - 1]?.atMs ?? 0) && atMs > 0) ? REORDERED : 0,
): Played {
  const played: Played = { steps: [], decoded: [], taken: [], notes: [] };
  let gop: Packet[] = [];
  let held: number[] = [];
  let seen: number | null = null;
  let decoderHas: Packet | undefined;

  function takeOut(left: number): void {
    while (held.length > left) {
      const atMs = held.shift() as number;
      played.decoded.push(atMs);
      if (!plan.wanted(atMs)) continue;
      played.taken.push(atMs);
      const scene = sceneAt(atMs);
      plan.analysed(atMs, { changed: seen !== null && scene !== seen, active: false });
      seen = scene;
    }
  }
  function decode({ atMs }: Packet): void {
    held.push(atMs);
    if (reordered > 0) held.sort((a, b) => a - b);
    takeOut(reordered);
  }

  packets.forEach((packet, i) => {
    if (packet.key) gop = [];
    if (packet.key || gop.length > 0) gop.push(packet);
    const step = plan.packet(packet.key, packet.bytes, packet.atMs);
    played.steps.push(step);
    if (step === 'follow') expect(decoderHas).toBe(packets[i - 1]);
    if (step === 'alone') expect(packet.key).toBe(true);
    if (step === 'alone') takeOut(0);
    if (step === 'catch-up') held = [];
    for (const one of step === 'catch-up' && gop.length > 0 ? gop : step === 'skip' ? [] : [packet]) decode(one);
    if (step === 'alone') takeOut(0);
    decoderHas = step === 'follow' || step === 'catch-up' ? packet : undefined;
    const note = plan.takeNote();
    if (note) played.notes.push({ atMs: packet.atMs, note });
  });
  takeOut(0);
  return played;
}
