/** What a notice says (整改提醒，违规告知), frozen when it is issued; the document and the page are drawn from it alone. */
import type { HaulageCheck } from '../../contracts/api/case.ts';
import type { SiteBody } from '../../contracts/api/registry.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { Bilingual } from '../../contracts/text.ts';
import { reasonsOf, valueText } from '../../contracts/violations/detail.ts';
import { type ViolationKind, violationKinds, violations } from '../../contracts/violations/index.ts';
import { AppError } from '../../platform/app-error.ts';
import type { KnownPlate } from '../cases/plate.ts';

export type NoticeContent = {
  readonly number: string;
  readonly caseNumber: string;
  readonly issuer: string;
  readonly contact: string;
  readonly site: SiteBody;
  readonly camera: { readonly id: string; readonly name: Bilingual };
  readonly startedAt: string;
  readonly endedAt: string | null;
  readonly kind?: ViolationKind;
  readonly detail: Readonly<Record<string, unknown>>;
  /** Null where nobody typed or read it; notices from before 0.2 do not say. */
  readonly plate?: KnownPlate | null;
  /** Null where the site has no permits on record. */
  readonly haulage?: HaulageCheck | null;
  /** Whom the permit names; null where no permit names the plate. Like the next ones, notices from before 0.7 do not say. */
  readonly carrier?: string | null;
  readonly clip?: EvidenceRef | null;
  /** As the office has chosen for this kind. */
  readonly legalBasis?: readonly string[];
  /** Until when the site may state and defend. */
  readonly statementBy?: string;
  readonly evidence: readonly EvidenceRef[];
  readonly confirmedBy: string;
  readonly issuedAt: string;
  readonly correctBy: string;
  readonly utcOffsetMinutes: number;
};

/** Notices from before 0.5 do not say their kind: they are of the first that has notices, at that time the only one. */
const firstWithNotice = violationKinds.find((kind) => violations[kind].notice);

/** What the kind's entry says in a notice: reasons with what is required, facts of the detail, the duties breached. */
export function wordsOf({ kind = firstWithNotice, detail }: Pick<NoticeContent, 'kind' | 'detail'>) {
  const words = kind && violations[kind].notice;
  if (!words) throw new AppError('API_INTERNAL', `a notice of a kind that has none: ${kind}`);
  const inWords = (field: string): Bilingual => {
    const value = String(detail[field] ?? '—');
    return valueText(kind, field, value) ?? { zh: value, en: value };
  };
  return {
    reasons: reasonsOf(kind, detail).flatMap((reason) => words.reasons[reason] ?? []),
    facts: words.facts.map(({ label, fields }) => ({ label, values: fields.map(inWords) })),
    legalBasis: words.legalBasis,
    hasPlate: violations[kind].plateField !== undefined,
    needsHaulagePermit: violations[kind].needsHaulagePermit === true,
  };
}

/** Several things said in one line, as the language sets them apart. */
export function listed(texts: readonly Bilingual[], lang: 'zh' | 'en'): string {
  return texts.map((text) => text[lang]).join(lang === 'zh' ? '；' : '; ');
}

/** What the register says of the truck at the time of its pass; 运输路线牌 is the haulage permit, no number plate. */
export const haulageText: Readonly<Record<HaulageCheck['state'], Bilingual>> = {
  found: { zh: '有效', en: 'valid' },
  expired: { zh: '不在有效期内', en: 'outside its dates' },
  'off-hours': { zh: '不在核准时段内', en: 'outside its hours' },
  none: { zh: '登记的路线牌中未见此车牌', en: 'no permit on record names this plate' },
  unreadable: { zh: '车牌不完整，无法核对', en: 'plate incomplete, not checked' },
};

/**
 * Local wall time as people write it.
 *
 * @example localTime('2026-11-23T02:11:05.000Z', 480) // '2026-11-23 10:11:05'
 */
export function localTime(iso: string, utcOffsetMinutes: number): string {
  return new Date(Date.parse(iso) + utcOffsetMinutes * 60_000).toISOString().slice(0, 19).replace('T', ' ');
}

export const roleText: Readonly<Record<EvidenceRef['role'], Bilingual>> = {
  before: { zh: '之前', en: 'before' },
  start: { zh: '开始', en: 'start' },
  during: { zh: '过程', en: 'during' },
  after: { zh: '之后', en: 'after' },
  clip: { zh: '视频', en: 'clip' },
  cleared: { zh: '已清除', en: 'cleared' },
  threshold: { zh: '达到时限', en: 'at the threshold' },
  worst: { zh: '最严重时', en: 'worst' },
  approach: { zh: '驶近', en: 'approach' },
  bed: { zh: '车厢', en: 'bed' },
  plate: { zh: '车牌', en: 'plate' },
  'ground-before': { zh: '路面（之前）', en: 'road before' },
  'ground-after': { zh: '路面（之后）', en: 'road after' },
};
