/** Handling units: who is on duty, and photographs that go up beside a command. */
import { useQuery } from '@tanstack/react-query';
import type { CasePhoto } from '../../../../contracts/api/case-round.ts';
import type { DutyOffer, DutyState, UnitBody } from '../../../../contracts/api/unit.ts';
import { keys } from './keys.ts';
import { request, sendFile } from './request.ts';

const ROSTER_STALE_MS = 60_000;

/** A unit of the registry with what its roster says now. */
export type UnitView = UnitBody & { readonly duty: DutyState };

/** Units that a case may be dispatched to; asked anew each time, since the answer is of now. */
export function useDuty(caseId: string) {
  return useQuery({
    queryKey: keys.duty(caseId),
    queryFn: () => request<DutyOffer[]>(`/cases/${encodeURIComponent(caseId)}/duty`),
    staleTime: 0,
  });
}

/** All units; for a user of a unit her own. */
export function useUnits() {
  return useQuery({
    queryKey: keys.units,
    queryFn: () => request<UnitView[]>('/units'),
    staleTime: ROSTER_STALE_MS,
    refetchInterval: ROSTER_STALE_MS,
  });
}

/** The unit of this id, once the list is there; names typed before there were units are none. */
export function useUnit(id: string | null | undefined): UnitView | undefined {
  return useUnits().data?.find((unit) => unit.id === id);
}

/** @throws ApiProblem, e.g. when it is no picture */
export function sendPhoto(caseId: string, file: Blob): Promise<CasePhoto> {
  return sendFile<CasePhoto>(`/cases/${encodeURIComponent(caseId)}/photos`, file);
}
