/** Event drafts for tests of the outbox and the uplink. */
import type { EventPhase } from '../../contracts/event.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { EventDraft } from '../../edge/outbox/index.ts';
import { timestamp } from '../../platform/clock.ts';
import { eventId } from '../../platform/event-id.ts';

const START = Date.parse('2026-01-01T00:00:00.000Z');

export function stallDraft(
  n: number,
  options: { phase?: EventPhase; evidence?: EvidenceRef[]; key?: string } = {},
): EventDraft {
  const phase = options.phase ?? 'start';
  return {
    id: eventId('node-1', 'cam-1', 'zone-1', 'road-stall', options.key ?? String(n)),
    camera: 'cam-1',
    zone: 'zone-1',
    kind: 'road-stall',
    phase,
    startedAt: timestamp(START + n * 1000),
    at: timestamp(START + n * 1000 + 180_000),
    endedAt: phase === 'end' ? timestamp(START + n * 1000 + 180_000) : null,
    score: 0.9,
    objects: [{ track: n, class: 'stall', score: 0.9, box: [0.4, 0.5, 0.1, 0.1] }],
    detail: {
      dwellSeconds: 180,
      attended: true,
      permit: null,
      ruleWindow: 'always',
      subKind: 'road',
      unknownSeconds: 0,
    },
    location: { lon: 118.6, lat: 24.9 },
    evidence: options.evidence ?? [],
    model: { name: 'test', version: '1', sha256: 'a'.repeat(64) },
    rule: { version: '1', params: 'b'.repeat(64) },
    clock: { offsetMs: 0, source: 'pts' },
  };
}

export function jpegRef(sha256: string, bytes: number): EvidenceRef {
  return { role: 'start', sha256, mime: 'image/jpeg', bytes, at: timestamp(START), width: 64, height: 48 };
}
