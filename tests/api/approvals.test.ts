/** Four eyes: an export or a deletion waits for a second named person, is done once, and in time. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalBody, ApprovalView } from '../../contracts/api/approval.ts';
import type { AuditPage } from '../../contracts/api/audit.ts';
import type { CasePage } from '../../contracts/api/case.ts';
import { upsertUser } from '../../hub/registry/users.ts';
import { testDatabases } from '../hub/stores.ts';
import { logIn, PASSWORD, type Person, startSeededHub } from './seeded-hub.ts';

const MINUTE = 60_000;
type Seeded = Awaited<ReturnType<typeof startSeededHub>>;

describe.each(testDatabases())('four eyes on $dialect', (database) => {
  describe.skipIf(!database.available)('with a server', () => {
    let seeded: Seeded;
    let second: Person;
    let admin2: Person;
    let theCase = '';
    beforeAll(async () => {
      await database.start();
      const fourEyes = { export: true, delete: true, minutes: 30 };
      seeded = await startSeededHub({ database: await database.url(), fourEyes });
      const add = async (name: string, role: 'supervisor' | 'admin') => {
        await upsertUser(seeded.hub.store, { name, displayName: name, role, password: PASSWORD });
        return logIn(seeded.hub.url, name);
      };
      second = await add('second', 'supervisor');
      admin2 = await add('admin-2', 'admin');
      const { cases } = (await (await second.call('GET', '/api/v1/cases')).json()) as CasePage;
      theCase = cases[0]?.id ?? '';
    }, 120_000);
    afterAll(async () => {
      await seeded?.close();
      await database.close();
    });

    const ask = (person: Person, body: Partial<ApprovalBody>) =>
      person.call('POST', '/api/v1/approvals', {
        body: { action: 'export', thing: 'case', target: theCase, reason: '移送街道办', ...body },
      });
    const asked = async (person: Person, body: Partial<ApprovalBody> = {}) =>
      (await (await ask(person, body)).json()) as ApprovalView;
    const decide = (person: Person, id: string, command: string) =>
      person.call('POST', `/api/v1/approvals/${id}/commands`, { body: { command } });
    const outcome = async (answer: Response) => {
      const text = await answer.text();
      return answer.ok ? answer.status : [answer.status, (JSON.parse(text) as { code: string }).code];
    };
    const pack = async (person: Person) => outcome(await person.call('GET', `/api/v1/cases/${theCase}/package`));
    const NEEDED = [403, 'API_APPROVAL'];

    test('a package leaves once a second person has approved it, once', async () => {
      const { supervisor } = seeded.people;
      expect(supervisor.session.fourEyes).toEqual(['export', 'delete']);
      expect(await pack(supervisor)).toEqual(NEEDED);
      const request = await asked(supervisor);
      expect(request).toMatchObject({ state: 'waiting', requestedBy: 'supervisor', mayDecide: false });
      expect((await asked(supervisor)).id).toBe(request.id);
      expect(await pack(supervisor)).toEqual(NEEDED);
      expect(await outcome(await decide(supervisor, request.id, 'approve'))).toEqual([403, 'API_OWN_APPROVAL']);
      const list = (await (await second.call('GET', '/api/v1/approvals')).json()) as ApprovalView[];
      expect(list).toMatchObject([{ id: request.id, mayDecide: true, reason: '移送街道办' }]);
      expect(list[0]?.number).toMatch(/^\d{19}$/);
      expect(await outcome(await decide(second, request.id, 'approve'))).toBe(200);
      expect(await outcome(await decide(second, request.id, 'refuse'))).toEqual([409, 'API_TRANSITION']);
      // What was approved for one person is not another's.
      expect(await pack(second)).toEqual(NEEDED);
      // Asking what there is uses nothing up.
      expect((await supervisor.call('HEAD', `/api/v1/cases/${theCase}/package`)).status).toBe(403);
      expect(await pack(supervisor)).toBe(200);
      expect(await pack(supervisor)).toEqual(NEEDED);
    });

    test('two downloads at once are one', async () => {
      const { supervisor } = seeded.people;
      const { id } = await asked(supervisor);
      await decide(second, id, 'approve');
      const both = await Promise.all([pack(supervisor), pack(supervisor)]);
      expect(both.filter((one) => one === 200)).toHaveLength(1);
    });

    test('what is refused or too late is not done', async () => {
      const { supervisor } = seeded.people;
      const refused = await asked(supervisor);
      expect(await outcome(await decide(second, refused.id, 'refuse'))).toBe(200);
      expect(await pack(supervisor)).toEqual(NEEDED);
      const late = await asked(supervisor);
      expect(late.id).not.toBe(refused.id);
      seeded.advance(31 * MINUTE);
      expect(await outcome(await decide(second, late.id, 'approve'))).toEqual([409, 'API_TRANSITION']);
      const unused = await asked(supervisor);
      await decide(second, unused.id, 'approve');
      seeded.advance(31 * MINUTE);
      expect(await pack(supervisor)).toEqual(NEEDED);
    });

    test('a register is exported whole, in either format; each register is asked for by itself', async () => {
      const { supervisor } = seeded.people;
      const sheet = async (path: string) => outcome(await supervisor.call('GET', `/api/v1/${path}`));
      expect(await sheet('permits.csv')).toEqual(NEEDED);
      expect(await outcome(await ask(supervisor, { thing: 'permit' }))).toEqual([400, 'API_VALIDATION']);
      const { id } = await asked(supervisor, { thing: 'permit', target: '*' });
      await decide(second, id, 'approve');
      expect(await sheet('sites.csv')).toEqual(NEEDED);
      expect(await sheet('permits.xlsx')).toBe(200);
      expect(await sheet('permits.csv')).toEqual(NEEDED);
    });

    test('a node is removed by two administrators; a supervisor neither asks nor approves', async () => {
      const { admin, supervisor } = seeded.people;
      const remove = async () => outcome(await admin.call('DELETE', '/api/v1/nodes/dh-edge-01'));
      expect(await remove()).toEqual(NEEDED);
      const wanted = { action: 'delete', thing: 'node', target: 'dh-edge-01' } as const;
      expect(await outcome(await ask(supervisor, wanted))).toEqual([403, 'API_FORBIDDEN']);
      const { id } = await asked(admin, wanted);
      expect(await outcome(await decide(second, id, 'approve'))).toEqual([403, 'API_FORBIDDEN']);
      expect(await outcome(await decide(admin2, id, 'approve'))).toBe(200);
      expect(await remove()).toBe(204);
    });

    test('a confined supervisor neither asks for nor decides on what is out of reach', async () => {
      await upsertUser(seeded.hub.store, {
        ...{ name: 's-far', displayName: 's', role: 'supervisor', password: PASSWORD },
        scope: { districts: ['350521'] },
      });
      const far = await logIn(seeded.hub.url, 's-far');
      const request = await asked(seeded.people.supervisor);
      expect(await (await far.call('GET', '/api/v1/approvals')).json()).toEqual([]);
      expect(await outcome(await decide(far, request.id, 'approve'))).toEqual([404, 'API_NOT_FOUND']);
      expect(await outcome(await ask(far, {}))).toEqual([404, 'API_NOT_FOUND']);
    });

    test('who asked, who approved and what was done is in the audit log', async () => {
      const { admin } = seeded.people;
      const answer = await admin.call('GET', `/api/v1/audit?thing=case&id=${theCase}&limit=200`);
      const { entries } = (await answer.json()) as AuditPage;
      const said = entries.map(({ actor, action }) => `${actor} ${action}`);
      for (const line of ['supervisor request', 'second approve', 'second refuse', 'supervisor export'])
        expect(said).toContain(line);
    });
  });
});

test('without the configuration nothing waits, and nothing can be asked for', async () => {
  const seeded = await startSeededHub();
  try {
    const { supervisor } = seeded.people;
    expect(supervisor.session.fourEyes).toBeUndefined();
    expect((await supervisor.call('GET', '/api/v1/sites.csv')).status).toBe(200);
    const body = { action: 'export', thing: 'site', target: '*', reason: 'x' };
    expect((await supervisor.call('POST', '/api/v1/approvals', { body })).status).toBe(400);
  } finally {
    await seeded.close();
  }
});
