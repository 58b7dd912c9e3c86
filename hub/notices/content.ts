/** What a notice says (整改提醒，违规告知), frozen when it is issued; the document and the page are drawn from it alone. */

import type { HaulageCheck } from '../../contracts/api/case.ts';
import type { SiteBody } from '../../contracts/api/registry.ts';
import type { EvidenceRef } from '../../contracts/evidence.ts';
import type { Bilingual } from '../../contracts/text.ts';
import type { Detail } from '../../contracts/violations/index.ts';
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
  readonly detail: Detail<'muck-truck'>;
  /** Null where nobody typed or read it; notices from before 0.2 do not say. */
  readonly plate?: KnownPlate | null;
  /** Null where the site has no permits on record. */
  readonly haulage?: HaulageCheck | null;
  readonly evidence: readonly EvidenceRef[];
  readonly confirmedBy: string;
  readonly issuedAt: string;
  readonly correctBy: string;
  readonly utcOffsetMinutes: number;
};

type Finding = NoticeContent['detail']['findings'][number];

export const findingText: Readonly<Record<Finding, Bilingual>> = {
  uncovered: { zh: '渣土车装载未苫盖驶出工地', en: 'loaded truck left the site without a cover' },
  spill: { zh: '车辆沿途滴洒、遗撒', en: 'material spilled on the road' },
  unwashed: { zh: '车辆未冲洗干净驶出工地', en: 'truck left the site without being washed' },
  'no-permit': { zh: '未见有效运输路线牌', en: 'no valid haulage permit found' },
};

/** The duty that was breached; the office edits the list to its own county's practice. */
export const legalBasis: readonly string[] = [
  '《中华人民共和国大气污染防治法》第七十条：运输煤炭、垃圾、渣土、砂石、土方、灰浆等散装、流体物料的车辆应当采取密闭或者其他措施防止物料遗撒造成扬尘污染，并按照规定路线行驶。',
];

export const requiredCorrection: Readonly<Record<Finding, Bilingual>> = {
  uncovered: {
    zh: '立即对出场渣土车辆落实密闭苫盖，未苫盖不得驶出工地。',
    en: 'Cover every loaded truck at once; none leaves the site uncovered.',
  },
  spill: {
    zh: '立即组织清理遗撒路面，并检查车辆密闭装置。',
    en: 'Clean the road at once, and check that the trucks close tightly.',
  },
  unwashed: {
    zh: '落实车辆冲洗制度，冲洗干净后方可驶出。',
    en: 'Wash every truck; it leaves when it is clean.',
  },
  'no-permit': {
    zh: '补齐并随车携带运输路线牌，按核准路线和时段运输。',
    en: 'Obtain the haulage placard and carry it; keep to the approved routes and hours.',
  },
};

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

/** Local wall time as people write it: 2026-11-23 10:11:05. */
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
