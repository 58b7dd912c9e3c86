/** An operator and a truck that two cameras saw: merges, splits again, refuses, takes up again. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import type { CameraBody } from '../../contracts/api/registry.ts';
import { upsertCamera } from '../../hub/registry/cameras.ts';
import { needs } from '../needs.ts';
import { cameras, type Finding, NODE, site, truckFinding } from './city.ts';
import { FAINT } from './contrast.ts';
import { eventually, glance, leave, useOperator, viewer } from './operator.ts';

const gate = cameras.find(({ id }) => id === 'fz-gate-17a') as CameraBody;
/** 180 m north of the gate. */
const road: CameraBody = {
  ...{ ...gate, id: 'fz-binhai-02', node: NODE, site: site.id },
  name: { zh: '滨海路 2 号', en: 'Binhai Road 2' },
  location: { lon: 118.6612, lat: 24.86551 + 180 / 111_195 },
};
const atGate = (key: string): Finding => ({ ...truckFinding, key, late: [] }) as Finding;
const onRoad = (key: string): Finding => ({ ...truckFinding, key, camera: road.id, late: [] }) as Finding;

describe.skipIf(!needs('chromium'))('cases that are likely the same', () => {
  const { hub, logIn, openCase, stateOf } = useOperator();

  /** One truck: at the gate, and 40 s later on the road. */
  async function drive(key: string, agoMs: number): Promise<[gate: string, road: string]> {
    await upsertCamera(hub().hub.store, road);
    const [first, second] = [atGate(`${key} gate`), onRoad(`${key} road`)];
    const passed = Date.now() - agoMs;
    await hub().tell(first, passed);
    await hub().tell(second, passed + 40_000);
    return [(await hub().caseOf(first)).id, (await hub().caseOf(second)).id];
  }
  const linkOf = async (id: string) => (await hub().hub.caseReads.links(id, viewer))[0];
  const picture = async (page: Page, name: string) => {
    if (process.env.KERBWATCH_PICTURES)
      await page.screenshot({ path: `${process.env.KERBWATCH_PICTURES}/${name}.png` });
  };

  test('G makes the two one, the case file splits them again; H refuses, and that is taken back too', async () => {
    const [first, second] = await drive('one', 400_000);
    const page = await logIn('lin');
    await openCase(page, second);
    const strip = page.locator('.review-links');
    await strip.getByText('可能是同一起').waitFor();
    const why = (await strip.locator('.link-why').textContent()) ?? '';
    expect(why).toBe('同一工地 · 两机相距 180 米 · 相隔 40 秒 · 折合车速 16 公里/时');
    // The other's newest still stands beside it.
    await eventually(() => page.evaluate("document.querySelector('.review-links img').naturalWidth")).toBeGreaterThan(
      0,
    );
    expect(await page.evaluate(FAINT)).toEqual([]);
    await picture(page, 'link-review-zh');
    await glance(page);
    await page.keyboard.press('g');
    await eventually(() => stateOf(second)).toBe('merged');
    await page.waitForURL((url) => url.searchParams.get('case') === first);
    await page.getByText('2 次发现', { exact: true }).waitFor();
    await page.locator('.caption-camera').first().waitFor();
    await picture(page, 'link-merged-zh');

    await page.goto(`${hub().url}/cases/${first}`);
    await page.getByText('已合并为一起').waitFor();
    await page.getByText('并入了另一案件').waitFor();
    await picture(page, 'link-file-zh');
    await page.getByRole('button', { name: '拆回两起' }).press('Enter');
    await eventually(() => stateOf(second)).toBe('pending-review');
    await page.locator('.link-state', { hasText: '可能是同一起' }).waitFor();
    expect((await linkOf(first))?.state).toBe('proposed');
    await leave(page);

    const [third, fourth] = await drive('two', 1_600_000);
    const english = await logIn('lin', '/review', 'en', 'dark');
    await english.goto(`${hub().url}/review?case=${fourth}`);
    await english.getByText('Likely the same', { exact: true }).waitFor();
    await english.locator('.pane img').first().waitFor();
    await glance(english);
    expect(await english.evaluate(FAINT)).toEqual([]);
    await picture(english, 'link-review-en');
    await english.keyboard.press('?');
    await english.getByText('Not the same as the proposed case').waitFor();
    await english.keyboard.press('Escape');
    await eventually(() => english.locator('.ant-modal-wrap:visible').count()).toBe(0);
    await english.keyboard.press('h');
    await eventually(async () => (await linkOf(third))?.state).toBe('refused');
    await eventually(() => english.locator('.review-links').count()).toBe(0);
    expect([await stateOf(third), await stateOf(fourth)]).toEqual(['pending-review', 'pending-review']);
    await english.goto(`${hub().url}/cases/${fourth}`);
    await english.getByText('Called not the same', { exact: true }).first().waitFor();
    await picture(english, 'link-file-en');
    await english.getByRole('button', { name: 'Take up again' }).click();
    await eventually(async () => (await linkOf(third))?.state).toBe('proposed');
    await leave(english);
  });

  test('who only looks sees the proposal, and no buttons; G does nothing', async () => {
    const [, second] = await drive('seen', 400_000);
    const page = await logIn('wu', `/review?case=${second}`);
    await page.locator('.link-state', { hasText: '可能是同一起' }).waitFor();
    await glance(page);
    await page.keyboard.press('g');
    expect(await page.locator('.link-steps button').count()).toBe(0);
    expect((await linkOf(second))?.state).toBe('proposed');
    await leave(page);
  });
});
