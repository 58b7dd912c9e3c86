/** Approvals as the console reads and asks for them. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ApprovalAction, ApprovalBody, ApprovalView } from '../../../../contracts/api/approval.ts';
import { keys } from '../api/keys.ts';
import { request } from '../api/request.ts';
import { maySupervise, useSession } from '../shell/session.tsx';

const POLL_MS = 10_000;

/** Whether this hub asks for a second person before the action. */
export function useFourEyes(action: ApprovalAction): boolean {
  return useSession().fourEyes?.includes(action) ?? false;
}

/** The latest first; empty where nothing needs a second person. */
export function useApprovals() {
  const session = useSession();
  return useQuery({
    queryKey: keys.approvals,
    queryFn: () => request<ApprovalView[]>('/approvals'),
    enabled: maySupervise(session) && (session.fourEyes?.length ?? 0) > 0,
    refetchInterval: POLL_MS,
  });
}

/** What the user last asked for about one thing. */
export function useOwnApproval(
  action: ApprovalAction,
  thing: ApprovalBody['thing'],
  target: string,
): ApprovalView | undefined {
  const { user } = useSession();
  return useApprovals().data?.find(
    (one) => one.requestedBy === user.name && one.action === action && one.thing === thing && one.target === target,
  );
}

/** Asks, approves, refuses, and reads the list anew. */
export function useApprovalCommands() {
  const client = useQueryClient();
  const send = async (path: string, body: unknown) => {
    await request<ApprovalView>(path, { method: 'POST', body });
    await client.invalidateQueries({ queryKey: keys.approvals });
  };
  return {
    ask: (body: ApprovalBody) => send('/approvals', body),
    decide: (id: string, command: 'approve' | 'refuse') =>
      send(`/approvals/${encodeURIComponent(id)}/commands`, { command }),
    /** What was used is seen as used. */
    refresh: () => client.invalidateQueries({ queryKey: keys.approvals }),
  };
}
