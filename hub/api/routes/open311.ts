/** The read face of Open311 GeoReport v2: what we watch, and confirmed cases as service requests. Nothing unconfirmed leaves. */
import type { FastifyInstance } from 'fastify';
import type { CaseSummary } from '../../../contracts/api/case.ts';
import { violationKinds, violations } from '../../../contracts/violations/index.ts';
import type { ApiDeps } from '../deps.ts';

const CONFIRMED = 'filed,dispatched,returned,handling,feedback,inspecting,closed';

function toRequest(item: CaseSummary) {
  return {
    service_request_id: item.number,
    status: item.state === 'closed' ? 'closed' : 'open',
    status_notes: item.state,
    service_name: violations[item.kind].title.en,
    service_code: item.kind,
    description: violations[item.kind].title.zh,
    agency_responsible: '',
    service_notice: '',
    requested_datetime: item.openedAt,
    updated_datetime: item.lastSeenAt,
    expected_datetime: item.dueAt,
    address: item.camera,
    address_id: '',
    zipcode: '',
    lat: item.location?.lat ?? null,
    long: item.location?.lon ?? null,
    media_url: '',
  };
}

export function open311Routes(app: FastifyInstance, { desk }: ApiDeps): void {
  const tags = ['open311'];
  app.get(
    '/open311/v2/services.json',
    { config: { access: 'public' }, schema: { tags, summary: 'GeoReport v2 services' } },
    async () =>
      violationKinds.map((kind) => ({
        service_code: kind,
        service_name: violations[kind].title.en,
        description: `${violations[kind].title.zh}: ${violations[kind].summary.en}`,
        metadata: false,
        type: 'realtime',
        keywords: kind.replace('-', ','),
        group: 'kerb',
      })),
  );
  app.get(
    '/open311/v2/requests.json',
    { config: { access: 'viewer' }, schema: { tags, summary: 'GeoReport v2 requests: confirmed cases' } },
    async () => {
      const page = await desk.list({ state: CONFIRMED, limit: 200 });
      return page.cases.map(toRequest);
    },
  );
}
