/** What speaks against a command beyond state, role and claim: second persons, photographs, limits. Pure. */
import type { CaseCommand } from '../../../contracts/api/case.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import type { Actor, LifecycleFacts } from './facts.ts';
import { hasHandled, mayInspect } from './transitions.ts';
import { localClock } from './working-time.ts';

const DAY = 86_400_000;
/** Longer than any limit of a city's table: whoever needs more returns the case. */
const MAX_EXTENSION_MS = 30 * DAY;

type Given<N extends CaseCommand['command']> = Extract<CaseCommand, { command: N }>;

function toRecheck(facts: LifecycleFacts, { result }: Given<'recheck'>, actor: Actor): Bilingual | null {
  if (!mayInspect(facts, actor))
    return {
      en: 'a case is inspected by somebody who neither confirmed nor handled it',
      zh: '核查须由确认人、处置人（含处置单位）以外的人办理',
    };
  const wanted = result === 'start' ? 'feedback' : 'inspecting';
  if (facts.state === wanted) return null;
  return {
    en: `recheck "${result}" needs state ${wanted}, it is ${facts.state}`,
    zh: result === 'start' ? '反馈后才能开始核查' : '核查开始后才能给出结果',
  };
}

function toExtend({ extension, dueAt, now }: LifecycleFacts, { until }: Given<'extend'>): Bilingual | null {
  if (extension?.state === 'asked') return { en: 'an extension is being asked for already', zh: '已有延期申请待批' };
  const to = Date.parse(until);
  if (to <= Math.max(now, dueAt ?? now))
    return { en: 'the new limit lies before the old one', zh: '新时限须晚于原时限' };
  if (to > now + MAX_EXTENSION_MS)
    return { en: 'the new limit is more than 30 days away', zh: '新时限不得超过 30 天，确需更久请退回' };
  return null;
}

function toDecideExtension({ extension, now }: LifecycleFacts, granted: boolean, actor: Actor): Bilingual | null {
  if (extension?.state !== 'asked') return { en: 'nobody asks for an extension', zh: '没有待批的延期申请' };
  if (extension.by === actor.name)
    return { en: 'who asks for an extension does not grant it', zh: '延期须由申请人以外的人审批' };
  if (granted && Date.parse(extension.until) <= now)
    return { en: 'the limit asked for has passed', zh: '申请的时限已过' };
  return null;
}

/** Why not, as people read it; null where nothing speaks against it. */
export function objectionTo(facts: LifecycleFacts, command: CaseCommand, actor: Actor): Bilingual | null {
  switch (command.command) {
    case 'release':
      return facts.claimedBy === null ? { en: 'nobody has claimed it', zh: '无人领取此案件' } : null;
    case 'feedback':
      return facts.photos === 0
        ? { en: 'feedback needs a photograph of the place after handling', zh: '反馈须附处置后的照片' }
        : null;
    case 'recheck':
      return toRecheck(facts, command, actor);
    case 'void':
      return facts.confirmedBy === actor.name
        ? { en: 'a case is voided by a second person, not by who confirmed it', zh: '作废须由确认人以外的人办理' }
        : null;
    case 'close':
      return hasHandled(facts, actor)
        ? {
            en: 'a case is closed by a second person, not by who handled it',
            zh: '结案须由处置人（含处置单位）以外的人办理',
          }
        : null;
    case 'extend':
      return toExtend(facts, command);
    case 'grant-extension':
      return toDecideExtension(facts, true, actor);
    case 'refuse-extension':
      return toDecideExtension(facts, false, actor);
    case 'appeal':
      return facts.appeal?.state === 'open' ? { en: 'an appeal is open already', zh: '已有申诉待答复' } : null;
    case 'answer-appeal':
      if (facts.appeal?.state !== 'open') return { en: 'there is no open appeal', zh: '没有待答复的申诉' };
      return facts.appeal.by === actor.name
        ? { en: 'who appeals does not answer the appeal', zh: '申诉须由申诉人以外的人答复' }
        : null;
    default:
      return null;
  }
}

/** Why a claim keeps this person off. */
export function lockedBy({ claimedBy, claimedUntil, utcOffsetMinutes }: LifecycleFacts): Bilingual {
  const until = claimedUntil === null ? '—' : localClock(Date.parse(claimedUntil), utcOffsetMinutes);
  return { en: `${claimedBy} has claimed it until ${until}`, zh: `${claimedBy} 已领取，至 ${until}` };
}
