/** A city's backlog of events after an outage, signed and chained as one node's outbox holds them. */
import { GENESIS, type ViolationEvent } from '../../contracts/event.ts';
import { canonicalJson } from '../../platform/canonical.ts';
import { eventId } from '../../platform/event-id.ts';
import { type createNodeKey, eventHash, signEvent } from '../../platform/signing.ts';
import { stallDraft } from '../../tests/edge/drafts.ts';

/** Stalls on 1,000 cameras, four events each in two cases, four stills an event: a city's backlog after an outage. */
export function makeBacklog(node: string, count: number, key: ReturnType<typeof createNodeKey>): string[] {
  let prev = GENESIS;
  const start = Date.now() - count * 1000;
  return Array.from({ length: count }, (_, i) => {
    const camera = `cam-${i % 1000}`;
    const place = Math.floor(i / 2000) * 0.3;
    const at = new Date(start + i * 1000).toISOString();
    const still = (n: number) => ({
      role: (['before', 'start', 'during', 'after'] as const)[n] ?? 'after',
      sha256: (i * 4 + n).toString(16).padStart(64, '0'),
      mime: 'image/jpeg' as const,
      bytes: 80_000,
      at,
      width: 1920,
      height: 1080,
    });
    const event = signEvent(
      {
        ...stallDraft(i, { evidence: [0, 1, 2, 3].map(still) }),
        v: 1,
        id: eventId(node, camera, 'z', 'road-stall', String(i)),
        rev: 1,
        seq: i + 1,
        node,
        camera,
        zone: 'z',
        startedAt: at,
        at,
        objects: [{ track: i, class: 'stall', score: 0.9, box: [place, 0.4, 0.03, 0.1] }],
      } as Omit<ViolationEvent<'road-stall'>, 'chain'>,
      prev,
      key,
    );
    prev = eventHash(event);
    return canonicalJson(event);
  });
}
