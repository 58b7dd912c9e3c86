/** Whether trade in a zone is forbidden at an instant, and in which words the rule says so. */
import type { RuleSetting } from '../../domain/rule.ts';
import { permitState, windowsText } from '../../geometry/schedule.ts';

export type Permission = {
  /** Stalls allowed now, oldest first; a huge number without a limit, 0 when trade is forbidden. */
  readonly allowed: number;
  readonly permit: string | null;
  readonly ruleWindow: string;
};

/** Grace allows as many as there are: they are packing up. */
export function permissionAt(setting: RuleSetting<'road-stall'>, at: number): Permission {
  const permits = setting.zone.permits ?? [];
  if (permits.length === 0) return { allowed: 0, permit: null, ruleWindow: 'always' };
  const states = permits.map((permit) => ({ permit, state: permitState(permit, setting.calendar, at) }));
  const open = states.filter(({ state }) => state === 'open').map(({ permit }) => permit);
  const first = open[0] ?? permits[0];
  if (open.length === 0) {
    const allowed = states.some(({ state }) => state === 'grace') ? Number.MAX_SAFE_INTEGER : 0;
    return { allowed, permit: first?.id ?? null, ruleWindow: `outside ${windowsText(permits)}` };
  }
  const allowed = open.reduce((sum, permit) => sum + (permit.capacity ?? Number.MAX_SAFE_INTEGER), 0);
  return { allowed, permit: first?.id ?? null, ruleWindow: `over capacity ${allowed}` };
}
