/** The export of verdicts, fetched from a hub. */
import type { VerdictQuery } from '../../contracts/verdicts.ts';
import { type HubLogin, openHub } from './hub-client.ts';

/** Lines as `GET /verdicts` sends them. @throws HUB_UNREACHABLE, API_BAD_LOGIN, API_FORBIDDEN, API_VALIDATION */
export async function fetchVerdicts(login: HubLogin, query: VerdictQuery): Promise<string> {
  const hub = await openHub(login);
  try {
    return await hub.read(`/verdicts?${new URLSearchParams(query as Record<string, string>)}`);
  } finally {
    await hub.close().catch(() => {});
  }
}
