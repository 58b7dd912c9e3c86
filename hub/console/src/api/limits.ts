/** What the office has set about limits and closure codes. */
import { useQuery } from '@tanstack/react-query';
import type { ClosureList } from '../../../../contracts/api/closure.ts';
import type { LimitView } from '../../../../contracts/api/limit.ts';
import { keys } from './keys.ts';
import { request } from './request.ts';

const STALE_MS = 5 * 60_000;

/** Which limit applies to what, with the time that it would end now. */
export function useLimits() {
  return useQuery({ queryKey: keys.limits, queryFn: () => request<LimitView>('/limits'), staleTime: STALE_MS });
}

/** Every version, the newest first. */
export function useClosureLists() {
  return useQuery({
    queryKey: keys.closureCodes,
    queryFn: () => request<ClosureList[]>('/closure-codes'),
    staleTime: STALE_MS,
  });
}
