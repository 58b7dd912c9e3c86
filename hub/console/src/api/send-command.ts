/** Commands to a case, one after the other, each with the version its sender looked at. */
import type { CaseCommand, CaseSummary } from '../../../../contracts/api/case.ts';
import { request } from './request.ts';

/** Our own commands move the version on; what one of them made out of the version looked at is still "looked at". */
const moved = new Map<string, number>();
const tails = new Map<string, Promise<unknown>>();
const MAX_REMEMBERED = 500;

function carriedOn(id: string, seen: number): number {
  let version = seen;
  for (let next = moved.get(`${id}@${version}`); next !== undefined; next = moved.get(`${id}@${version}`)) {
    version = next;
  }
  return version;
}

function remember(id: string, from: number, to: number): void {
  if (moved.size > MAX_REMEMBERED) moved.clear();
  // One step on is our own; more means that a colleague's lies between, and that one must be looked at first.
  if (to === from + 1) moved.set(`${id}@${from}`, to);
}

/** A sign of life of whoever holds the case; it changes nothing that one looks at. @throws ApiProblem when it is held no more */
export function renewClaim(id: string, seen: number): Promise<CaseSummary> {
  const body: CaseCommand = { command: 'claim' };
  return request<CaseSummary>(`/cases/${encodeURIComponent(id)}/commands`, { method: 'POST', body, ifMatch: seen });
}

/** @throws ApiProblem; API_VERSION when someone was quicker. */
export function sendCommand(id: string, command: CaseCommand, seen: number, leaving = false): Promise<CaseSummary> {
  const run = async (): Promise<CaseSummary> => {
    const version = carriedOn(id, seen);
    const after = await request<CaseSummary>(`/cases/${encodeURIComponent(id)}/commands`, {
      method: 'POST',
      body: command,
      ifMatch: version,
      keepalive: leaving,
    });
    remember(id, version, after.version);
    return after;
  };
  const before = tails.get(id) ?? Promise.resolve();
  // A command waits for the one before it, whatever became of that one: its sender was told.
  const result = before.then(run, run);
  tails.set(id, result);
  const forget = () => {
    if (tails.get(id) === result) tails.delete(id);
  };
  void result.then(forget, forget);
  return result;
}
