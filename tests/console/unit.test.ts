/** A handling unit's story: dispatched by the roster, opened on a phone, handled, photographed, reported; and what it may ask for. */
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { needs } from '../needs.ts';
import { stallFinding } from './city.ts';
import { UNIT } from './console-hub.ts';
import { FAINT } from './contrast.ts';
import { eventually, leave, useOperator, viewer } from './operator.ts';

const PHONE = { width: 390, height: 844 };
const operator = { name: 'lin', role: 'operator' } as const;
const supervisor = { name: 'chen', role: 'supervisor' } as const;

const photo = async (name: string, colour: string) => ({
  name,
  mimeType: 'image/jpeg',
  buffer: await sharp({ create: { width: 640, height: 480, channels: 3, background: colour } })
    .jpeg()
    .toBuffer(),
});

/** Nothing that one would have to scroll sideways for, but the row of pictures that is made for it. */
const overflow = (page: Page) => page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');

describe.skipIf(!needs('chromium'))('unit', () => {
  const { hub, logIn, report, stateOf } = useOperator();

  async function confirmed(key: string): Promise<string> {
    const [id = ''] = await report(stallFinding(key));
    const { version } = (await hub().hub.caseReads.get(id, viewer)).case;
    await hub().hub.caseCommands.apply(id, { command: 'confirm' }, operator, version);
    return id;
  }
  async function dispatched(key: string): Promise<string> {
    const id = await confirmed(key);
    const { version } = (await hub().hub.caseReads.get(id, viewer)).case;
    await hub().hub.caseCommands.apply(id, { command: 'dispatch', unit: UNIT.id }, supervisor, version);
    return id;
  }

  test('from dispatch to the after-photo', async () => {
    const id = await confirmed('story');
    const office = await logIn('chen', `/cases/${id}`);
    await office.getByRole('button', { name: '派遣', exact: true }).click();
    await office.getByText(`当前在岗：${UNIT.name.zh}`).waitFor();
    await office.getByRole('button', { name: '提交' }).click();
    await eventually(() => stateOf(id)).toBe('dispatched');

    const phone = await logIn('xu', '/', 'zh', 'light', PHONE);
    await phone.getByRole('heading', { name: '本单位案件' }).waitFor();
    await phone.getByText(`在岗：全天`).waitFor();
    expect(await overflow(phone)).toBeLessThanOrEqual(0);
    await phone.locator('.unit-card').first().click();
    await phone.getByRole('button', { name: '开始处置' }).click();
    await eventually(() => stateOf(id)).toBe('handling');
    await phone.getByLabel('处置情况').fill('摊主已劝离，路面已清理');
    await phone.getByText('请先上传处置后照片').waitFor();
    expect(await phone.getByRole('button', { name: '提交反馈' }).isDisabled()).toBe(true);
    // What is no picture is refused by name, and what was typed stays.
    const text = { name: 'note.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') };
    await phone.locator('input[type=file]').setInputFiles([text]);
    await phone.getByText('note.jpg 未能上传').waitFor();
    await phone
      .locator('input[type=file]')
      .setInputFiles([await photo('one.jpg', '#889'), await photo('two.jpg', '#a98')]);
    await eventually(() => phone.locator('.photo-row img').count()).toBe(2);
    expect(await phone.getByLabel('处置情况').inputValue()).toBe('摊主已劝离，路面已清理');
    await phone.getByRole('button', { name: '提交反馈' }).click();
    await eventually(() => stateOf(id)).toBe('feedback');
    expect(await overflow(phone)).toBeLessThanOrEqual(0);
    await leave(phone);

    await office.reload();
    await eventually(() => office.locator('.photo-row img').count()).toBe(2);
    await leave(office);
  });

  test('asks for more time, returns with a reason, and sees no page of the office', async () => {
    const id = await dispatched('more');
    const phone = await logIn('xu', `/cases/${id}`, 'zh', 'light', PHONE);
    await eventually(() => new URL(phone.url()).pathname).toBe('/unit');
    await phone.goto(`${hub().url}/unit/${id}`);
    await phone.getByText('申请延期', { exact: true }).first().click();
    await phone.getByLabel('新时限').fill('2099-01-01T10:00');
    await phone.getByLabel('延期理由').fill('需要吊车');
    const ask = phone.getByRole('button', { name: '申请延期' });
    await ask.click();
    await phone.getByText('新时限不得超过 30 天').waitFor();
    expect(await phone.getByLabel('延期理由').inputValue()).toBe('需要吊车');
    const soon = new Date(Date.now() + (8 + 72) * 3_600_000).toISOString().slice(0, 16);
    await phone.getByLabel('新时限').fill(soon);
    await ask.click();
    await phone
      .getByText(/申请延期至/)
      .first()
      .waitFor();
    await phone.getByText('退回派遣', { exact: true }).first().click();
    await phone.getByLabel('退回理由').fill('不在辖区');
    await phone.getByRole('button', { name: '退回派遣' }).click();
    await eventually(() => stateOf(id)).toBe('returned');
    await leave(phone);
  });

  test('every letter stands out, in both languages, light and dark, and nothing overflows', async () => {
    const id = await dispatched('look');
    for (const theme of ['light', 'dark']) {
      for (const language of ['zh', 'en'] as const) {
        const phone = await logIn('xu', '/unit', language, theme, PHONE);
        await phone.locator('.unit-card').first().waitFor();
        expect(await phone.evaluate<string[]>(FAINT), `list ${theme} ${language}`).toEqual([]);
        expect(await overflow(phone)).toBeLessThanOrEqual(0);
        await phone.goto(`${hub().url}/unit/${id}`);
        await phone.locator('.unit-facts').waitFor();
        expect(await phone.evaluate<string[]>(FAINT), `case ${theme} ${language}`).toEqual([]);
        expect(await overflow(phone)).toBeLessThanOrEqual(0);
        await leave(phone);
      }
    }
  });
});
