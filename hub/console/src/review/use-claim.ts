/** Opening a case claims it, leaving it puts it back, so that two operators do not judge the same one. */
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { keys } from '../api/keys.ts';
import { renewClaim, sendCommand } from '../api/send-command.ts';

/** One who only passes by with J and K claims nothing. */
const DWELL_MS = 350;
/** The hub lets a claim lapse that gives no sign of life for some minutes. */
const RENEW_MS = 60_000;

/** `isDecided` says whether the case was decided here: then there is nothing to put back. */
export function useClaim(detail: CaseDetail | undefined, me: string, isDecided: (id: string) => boolean): void {
  const client = useQueryClient();
  const id = detail?.case.id;
  const version = detail?.case.version ?? 0;
  const mine = detail?.case.claimedBy === me;
  const free = detail?.case.claimedBy === null && detail.steps.includes('claim');
  const reload = () => {
    if (id === undefined) return;
    void client.invalidateQueries({ queryKey: keys.case(id) });
    void client.invalidateQueries({ queryKey: keys.cases });
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: one claim for each opening, with the version seen then
  useEffect(() => {
    if (id === undefined || !free || isDecided(id)) return;
    // Whoever was quicker is seen after the reload.
    const timer = window.setTimeout(
      () => void sendCommand(id, { command: 'claim' }, version).then(reload, reload),
      DWELL_MS,
    );
    return () => window.clearTimeout(timer);
  }, [id, free]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: put back once, on leaving what one holds
  useEffect(() => {
    if (id === undefined || !mine) return;
    const putBack = (leaving: boolean) => {
      // A claim that a colleague has taken over is not ours to put back.
      const now = client.getQueryData<CaseDetail>(keys.case(id));
      if (isDecided(id) || now?.case.claimedBy !== me) return;
      void sendCommand(id, { command: 'release' }, version, leaving).then(reload, reload);
    };
    const timer = window.setInterval(() => {
      if (!isDecided(id)) void renewClaim(id, version).catch(reload);
    }, RENEW_MS);
    const onHide = () => putBack(true);
    window.addEventListener('pagehide', onHide);
    return () => {
      window.clearInterval(timer);
      window.removeEventListener('pagehide', onHide);
      putBack(false);
    };
  }, [id, mine]);
}
