/** Every route, every role and nobody: who may call what. The table is written by hand and held equal to the API's own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { roles, type StaffRole, staffRoles } from '../../contracts/api/session.ts';
import { logIn, startSeededHub } from './seeded-hub.ts';

/** Least role of the office, `public`, or `node`; users of handling units only where `unit` stands beside it. */
const table: Readonly<Record<string, StaffRole | `${StaffRole}, unit` | 'public' | 'node'>> = {
  'POST /api/v1/session': 'public',
  'GET /api/v1/session': 'viewer, unit',
  'DELETE /api/v1/session': 'viewer, unit',
  'POST /api/v1/session/password': 'viewer, unit',
  'GET /api/v1/session/oidc': 'public',
  'GET /api/v1/session/oidc/start': 'public',
  'GET /api/v1/session/oidc/callback': 'public',
  'GET /api/v1/demo': 'public',
  'GET /api/v1/cases': 'viewer, unit',
  'GET /api/v1/cases/{id}': 'viewer, unit',
  'GET /api/v1/cases/{id}/package': 'supervisor',
  // The case commands ask for the role that each command needs.
  'POST /api/v1/cases/{id}/commands': 'viewer, unit',
  'GET /api/v1/cases/{id}/duty': 'operator',
  'POST /api/v1/cases/{id}/photos': 'operator, unit',
  'HEAD /api/v1/evidence/{sha256}': 'node',
  'PUT /api/v1/evidence/{sha256}': 'node',
  'GET /api/v1/evidence/{sha256}': 'viewer, unit',
  'GET /api/v1/nodes': 'viewer',
  'PUT /api/v1/nodes': 'admin',
  'GET /api/v1/nodes/{id}/keys': 'viewer',
  'POST /api/v1/nodes/{id}/keys/revoke': 'admin',
  'GET /api/v1/trust': 'viewer',
  'DELETE /api/v1/nodes/{id}': 'admin',
  'GET /api/v1/matters': 'viewer',
  'PUT /api/v1/matters': 'supervisor',
  'GET /api/v1/closure-codes': 'viewer',
  'POST /api/v1/closure-codes': 'supervisor',
  'GET /api/v1/units': 'viewer, unit',
  'PUT /api/v1/units': 'supervisor',
  'GET /api/v1/cameras': 'viewer, unit',
  'PUT /api/v1/cameras': 'admin',
  'GET /api/v1/cameras/{id}/zones': 'viewer',
  'PUT /api/v1/cameras/{id}/zones': 'supervisor',
  'GET /api/v1/cameras/{id}/memory': 'viewer',
  'POST /api/v1/cameras/{id}/memory': 'supervisor',
  'GET /api/v1/sites': 'operator',
  'PUT /api/v1/sites': 'supervisor',
  'GET /api/v1/cases/{id}/haulage': 'operator',
  'GET /api/v1/calendar': 'viewer',
  'GET /api/v1/permits': 'operator',
  'PUT /api/v1/permits': 'supervisor',
  'GET /api/v1/carriers': 'operator',
  'PUT /api/v1/carriers': 'supervisor',
  'GET /api/v1/stall-points': 'operator',
  'PUT /api/v1/stall-points': 'supervisor',
  // Cameras are for administrators: tests/api/import.test.ts.
  'POST /api/v1/imports/{what}': 'supervisor',
  'GET /api/v1/permits.csv': 'supervisor',
  'GET /api/v1/permits.xlsx': 'supervisor',
  'GET /api/v1/sites.csv': 'supervisor',
  'GET /api/v1/sites.xlsx': 'supervisor',
  'GET /api/v1/carriers.csv': 'supervisor',
  'GET /api/v1/carriers.xlsx': 'supervisor',
  'GET /api/v1/stall-points.csv': 'supervisor',
  'GET /api/v1/stall-points.xlsx': 'supervisor',
  'GET /api/v1/cameras.csv': 'supervisor',
  'GET /api/v1/cameras.xlsx': 'supervisor',
  'GET /api/v1/audit': 'admin',
  'GET /api/v1/audit.csv': 'admin',
  'GET /api/v1/cases/{id}/audit': 'supervisor',
  'GET /api/v1/approvals': 'supervisor',
  'POST /api/v1/approvals': 'supervisor',
  'POST /api/v1/approvals/{id}/commands': 'supervisor',
  'GET /api/v1/audit/check': 'admin',
  'GET /api/v1/users': 'admin',
  'PUT /api/v1/users': 'admin',
  'GET /api/v1/notices': 'viewer',
  'GET /api/v1/notices/{id}': 'viewer',
  'GET /api/v1/notices/{id}.pdf': 'operator',
  'GET /api/v1/notices/{id}.html': 'operator',
  'POST /api/v1/notices/{id}/replies': 'operator',
  'POST /api/v1/notices/{id}/link': 'supervisor',
  'DELETE /api/v1/notices/{id}/link': 'supervisor',
  'GET /api/v1/notices/{id}/deliveries': 'operator',
  'POST /api/v1/notices/{id}/deliveries/{channel}': 'supervisor',
  'GET /api/v1/dead-letters': 'supervisor',
  'GET /api/v1/sites/{id}/ladder': 'operator',
  'POST /api/v1/sites/{id}/ladder': 'supervisor',
  'GET /api/v1/sites/{id}/letters': 'operator',
  'POST /api/v1/sites/{id}/letters': 'supervisor',
  'GET /api/v1/notices/{id}/correction-order': 'operator',
  'POST /api/v1/notices/{id}/correction-order': 'operator',
  'PUT /api/v1/notices/{id}/correction-order': 'operator',
  'GET /api/v1/notices/{id}/correction-order.pdf': 'operator',
  'POST /api/v1/notices/{id}/correction-order/commands': 'supervisor',
  'GET /api/v1/clock': 'viewer',
  'POST /api/v1/clock/confirmation': 'admin',
  'GET /api/v1/reports/monthly': 'viewer',
  'GET /api/v1/reports/monthly/versions': 'viewer',
  'POST /api/v1/reports/monthly/sign': 'supervisor',
  'GET /api/v1/verdicts': 'supervisor',
  'GET /api/v1/quarantine': 'supervisor',
  'GET /api/v1/stream': 'viewer, unit',
  'GET /healthz': 'public',
  'GET /readyz': 'public',
  'GET /metrics': 'public',
  'GET /open311/v2/services.json': 'public',
  'GET /open311/v2/requests.json': 'viewer',
  'GET /open311/v2/requests/{id}.json': 'viewer',
};

type Seeded = Awaited<ReturnType<typeof startSeededHub>>;
let seeded: Seeded;
beforeAll(async () => {
  seeded = await startSeededHub();
});
afterAll(() => seeded.close());

const addressOf = (route: string) => {
  const [method = '', path = ''] = route.split(' ');
  return { method, path: path.replace('{id}', 'none').replace('{sha256}', '0'.repeat(64)) };
};

/** The office's roles in their order; a unit's user has no place in it. */
function may(role: (typeof roles)[number], needed: string): boolean {
  const [least = '', ...others] = needed.split(', ');
  if (role === 'unit') return others.includes('unit');
  return staffRoles.indexOf(role) >= staffRoles.indexOf(least as StaffRole);
}

/** Status without reading a body that may never end. */
async function statusOf(answer: Response): Promise<number> {
  await answer.body?.cancel();
  return answer.status;
}

test('the table names every route of the API, and the API says the same', async () => {
  const document = (await (await fetch(`${seeded.hub.url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { 'x-access': string }>>;
  };
  const own = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, route]) => [`${method.toUpperCase()} ${path}`, route['x-access']]),
  );
  const given = Object.fromEntries(own.filter(([route]) => !route?.startsWith('HEAD ') || route in table));
  expect(given).toEqual(table);
});

describe.each(Object.entries(table))('%s needs %s', (route, needed) => {
  const { method, path } = addressOf(route);

  test('nobody', async () => {
    const status = await statusOf(await fetch(`${seeded.hub.url}${path}`, { method }));
    if (needed === 'public') expect([401, 403]).not.toContain(status);
    else expect(status).toBe(401);
  });

  test.each(roles)('%s', async (role) => {
    const person = route === 'DELETE /api/v1/session' ? await logIn(seeded.hub.url, role) : seeded.people[role];
    const status = await statusOf(await person.call(method, path));
    if (needed === 'node') expect(status).toBe(401);
    else if (needed === 'public' || may(role, needed)) expect([401, 403]).not.toContain(status);
    else expect(status).toBe(403);
  });
});
