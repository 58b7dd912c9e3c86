/** Every room of the console, and the pages without a log-in, by axe: light and dark, on a desk and on a phone. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { CaseCommand } from '../../contracts/api/case.ts';
import type { Role } from '../../contracts/api/session.ts';
import { registryRooms } from '../../hub/console/src/registry/rooms.ts';
import { packageRoot } from '../../platform/paths.ts';
import { needs } from '../needs.ts';
import { axeFaults } from './axe.ts';
import { cameras, type Finding, stallFinding, truckFinding } from './city.ts';
import { UNIT } from './console-hub.ts';
import { eventually, leave, useOperator } from './operator.ts';

const PHONE = { width: 390, height: 844 };
const DESK = { width: 1366, height: 768 };
const SETTLED = `!document.querySelector('[aria-busy=true], .state-view[role=status], .ant-spin-spinning') &&
  document.getAnimations().every(({ playState }) => playState !== 'running')`;
const PATIENCE_MS = 300_000;

/** Where the console says which rooms it has: one that is not looked at here fails. */
const registered = [
  ...readFileSync(join(packageRoot(), 'hub/console/src/app.tsx'), 'utf8').matchAll(/<Route path="([^"]+)"/g),
].map(([, path = '']) => path);

type Visit = {
  /** Whose room it is; null: nobody has logged in. */
  readonly as: string | null;
  readonly at: readonly string[];
  /** Units and managers stand in the street with a phone; the log-in page is theirs too. */
  readonly onPhone?: true;
};

/** Addresses of each room that is registered. @param ids of a case of the office, and of one of the unit */
function visits(ids: { readonly office: string; readonly unit: string }): Readonly<Record<string, Visit>> {
  const office = (...at: string[]): Visit => ({ as: 'tang', at });
  return {
    '/login': { as: null, at: ['/login'], onPhone: true },
    // With a case open, and with nothing that waits.
    '/review': office('/review', '/review?lane=field-check'),
    '/cases': office('/cases'),
    '/cases/:id': office(`/cases/${ids.office}`),
    '/cases/:id/audit': office(`/cases/${ids.office}/audit`),
    '/nodes': office('/nodes'),
    '/reports': office('/reports'),
    '/deliveries': office('/deliveries'),
    '/cameras/:id/memory': office(`/cameras/${cameras[0]?.id}/memory`),
    '/registry': office('/registry'),
    '/registry/:room': office(...registryRooms.map(({ room }) => `/registry/${room}`)),
    '/account': office('/account'),
    '/unit': { as: 'xu', at: ['/unit'], onPhone: true },
    '/unit/:id': { as: 'xu', at: [`/unit/${ids.unit}`], onPhone: true },
    '*': office('/nowhere'),
  };
}

describe.skipIf(!needs('chromium'))('axe finds nothing', () => {
  const { hub, logIn, report, visit } = useOperator();

  async function give(id: string, name: string, role: Role, command: CaseCommand) {
    const { version } = (await hub().hub.caseReads.get(id, { name, role })).case;
    await hub().hub.caseCommands.apply(id, command, { name, role }, version);
  }

  /** One that waits, one of the unit, and one of a site whose notice can be handed over. */
  async function cases() {
    const beside = { ...stallFinding('unit'), boxes: [[0.7, 0.4, 0.1, 0.3]] } as Finding;
    const [, unit, office] = (await report(stallFinding('waiting'), beside, truckFinding)) as [string, string, string];
    for (const id of [unit, office]) await give(id, 'lin', 'operator', { command: 'confirm' });
    await give(unit, 'chen', 'supervisor', { command: 'dispatch', unit: UNIT.id });
    return { unit, office };
  }

  async function look(page: Page, where: string): Promise<string[]> {
    await page.goto(`${hub().url}${where}`);
    await page.locator('main, .login').first().waitFor();
    // What is loading or moving is not what people read.
    await eventually(() => page.evaluate<boolean>(SETTLED)).toBe(true);
    return (await axeFaults(page)).map((fault) => `${where}: ${fault}`);
  }

  test('a room that is registered is looked at', () => {
    expect(registered.filter((path) => !(path in visits({ office: 'a', unit: 'b' })))).toEqual([]);
    expect(registered.length).toBeGreaterThan(10);
  });

  test.each(['light', 'dark'])(
    'in any room, %s',
    async (theme) => {
      const ids = await cases();
      const found: string[] = [];
      const all = Object.values(visits(ids));
      for (const viewport of [DESK, PHONE]) {
        for (const as of [null, 'tang', 'xu']) {
          const own = all.filter((room) => room.as === as && (viewport === DESK || room.onPhone));
          if (own.length === 0) continue;
          const page =
            as === null ? await visit('/login', 'zh', theme, viewport) : await logIn(as, '/', 'zh', theme, viewport);
          for (const where of own.flatMap(({ at }) => at))
            found.push(...(await look(page, where)).map((fault) => `${viewport.width} px ${fault}`));
          await leave(page);
        }
      }
      expect(found).toEqual([]);
    },
    PATIENCE_MS,
  );
});
