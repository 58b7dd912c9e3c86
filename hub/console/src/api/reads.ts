/** What the console reads, as cached queries; the live stream keeps them fresh. */
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import type { CalendarView } from '../../../../contracts/api/calendar.ts';
import type { CaseDetail, CasePage, CaseQuery, HaulageCheck } from '../../../../contracts/api/case.ts';
import type { CaseLink } from '../../../../contracts/api/case-link.ts';
import type { DeadLetter, NoticeDelivery } from '../../../../contracts/api/delivery.ts';
import type { CameraMemoryView } from '../../../../contracts/api/memory.ts';
import type { NoticeView } from '../../../../contracts/api/notice.ts';
import type { CameraBody, NodeView, SiteBody } from '../../../../contracts/api/registry.ts';
import type { Session } from '../../../../contracts/api/session.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { keys } from './keys.ts';
import { isPassing } from './problem.ts';
import { rememberCsrf, request, withQuery } from './request.ts';
import { useStreamState } from './stream.tsx';

const POLL_MS = 10_000;
const REGISTRY_STALE_MS = 5 * 60_000;

type Polling = number | false;

/** A hub whose database is away keeps its stream: nothing but asking again tells that it is back. */
export function pollWhileFailing(error: Error | null, otherwise: Polling = false): Polling {
  return isPassing(error) ? POLL_MS : otherwise;
}

/** While the stream is down, lists are asked for instead. */
function usePolling(): Polling {
  return useStreamState() === 'open' ? false : POLL_MS;
}

/** Who is logged in; its CSRF token is remembered for commands. @throws ApiProblem */
export async function readSession(): Promise<Session> {
  const session = await request<Session>('/session');
  rememberCsrf(session.csrf);
  return session;
}

/** One page of cases, with the counts of every state; asked for again while the stream is down. */
export function useCasePage(query: CaseQuery) {
  const polling = usePolling();
  return useQuery({
    queryKey: keys.casePage(query),
    queryFn: () => request<CasePage>(withQuery('/cases', query)),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => pollWhileFailing(state.error, polling),
  });
}

/** A case with its events, history and notices. @throws ApiProblem */
export function readCase(id: string): Promise<CaseDetail> {
  return request<CaseDetail>(`/cases/${encodeURIComponent(id)}`);
}

/** Evidence arrives after its event, or again after it was lost: until then the case is asked for again. */
const EVIDENCE_POLL_MS = 4_000;

function lacksEvidence(detail: CaseDetail | undefined): boolean {
  return (
    detail?.events.some((event) => event.evidence.some(({ state }) => state !== 'stored' && state !== 'removed')) ??
    false
  );
}

/** The case of this id; null asks for nothing. */
export function useCase(id: string | null) {
  const polling = usePolling();
  return useQuery({
    queryKey: keys.case(id ?? ''),
    queryFn: () => readCase(id ?? ''),
    enabled: id !== null,
    refetchInterval: ({ state }) =>
      lacksEvidence(state.data) ? EVIDENCE_POLL_MS : pollWhileFailing(state.error, polling),
  });
}

/** Cases of other cameras that are likely the same as this one. */
export function useLinks(id: string) {
  const polling = usePolling();
  return useQuery({
    queryKey: keys.links(id),
    queryFn: () => request<CaseLink[]>(`/cases/${encodeURIComponent(id)}/links`),
    refetchInterval: ({ state }) => pollWhileFailing(state.error, polling),
  });
}

/** What the site's permits say of a plate that is being typed. */
export function useHaulage(id: string, plate: string) {
  return useQuery({
    queryKey: keys.haulage(id, plate),
    queryFn: () => request<HaulageCheck | null>(withQuery(`/cases/${encodeURIComponent(id)}/haulage`, { plate })),
    enabled: plate !== '',
    staleTime: REGISTRY_STALE_MS,
  });
}

/** The next case's facts are there when one gets to it. Not its pictures: every view of those is logged as one. */
export function usePrefetchCase(id: string | null): void {
  const client = useQueryClient();
  useEffect(() => {
    if (id !== null) void client.prefetchQuery({ queryKey: keys.case(id), queryFn: () => readCase(id) });
  }, [client, id]);
}

/** All registered cameras. */
export function useCameras() {
  return useQuery({
    queryKey: keys.cameras,
    queryFn: () => request<CameraBody[]>('/cameras'),
    staleTime: REGISTRY_STALE_MS,
  });
}

/** The camera of this id, once the list is there. */
export function useCamera(id: string | undefined): CameraBody | undefined {
  return useCameras().data?.find((camera) => camera.id === id);
}

/** Zones of a camera, as its node reports them. */
export function useZones(camera: string | undefined) {
  return useQuery({
    queryKey: keys.zones(camera ?? ''),
    queryFn: () => request<ZoneConfig[]>(`/cameras/${encodeURIComponent(camera ?? '')}/zones`),
    // A case that was only reported has none.
    enabled: camera !== undefined && camera !== '',
    staleTime: REGISTRY_STALE_MS,
  });
}

/** What a camera remembers; its node is asked while somebody looks. */
export function useMemory(camera: string) {
  return useQuery({
    queryKey: keys.memory(camera),
    queryFn: () => request<CameraMemoryView>(`/cameras/${encodeURIComponent(camera)}/memory`),
    refetchInterval: POLL_MS,
  });
}

/** The construction site of this id, once the list is there. */
export function useSite(id: string | null | undefined): SiteBody | undefined {
  const sites = useQuery({
    queryKey: keys.sites,
    queryFn: () => request<SiteBody[]>('/sites'),
    enabled: id !== null && id !== undefined,
    staleTime: REGISTRY_STALE_MS,
  });
  return sites.data?.find((site) => site.id === id);
}

/** All nodes with their state. */
export function useNodes() {
  return useQuery({ queryKey: keys.nodes, queryFn: () => request<NodeView[]>('/nodes'), refetchInterval: POLL_MS });
}

/** The working calendar: to which day it is known. */
export function useCalendar(): CalendarView | undefined {
  return useQuery({
    queryKey: keys.calendar,
    queryFn: () => request<CalendarView>('/calendar'),
    staleTime: REGISTRY_STALE_MS,
  }).data;
}

/** The notices of one case in full, by their ids. */
export function useNotices(caseId: string, ids: readonly string[]) {
  return useQuery({
    queryKey: [...keys.notices(caseId), ...ids],
    queryFn: () => Promise.all(ids.map((id) => request<NoticeView>(`/notices/${encodeURIComponent(id)}`))),
    enabled: ids.length > 0,
  });
}

/** How each notice of a case went, by the notice's id. */
export function useDeliveries(caseId: string, ids: readonly string[], allowed: boolean) {
  return useQuery({
    queryKey: [...keys.notices(caseId), 'deliveries', ...ids],
    queryFn: async () => {
      const all = ids.map((id) => request<NoticeDelivery[]>(`/notices/${encodeURIComponent(id)}/deliveries`));
      return new Map((await Promise.all(all)).map((deliveries, i) => [ids[i] ?? '', deliveries] as const));
    },
    enabled: allowed && ids.length > 0,
  });
}

/** Deliveries that are tried no more; asked for by supervisors alone. */
export function useDeadLetters(allowed: boolean) {
  return useQuery({
    queryKey: keys.deadLetters,
    queryFn: () => request<DeadLetter[]>('/dead-letters'),
    enabled: allowed,
    refetchInterval: 6 * POLL_MS,
  });
}
