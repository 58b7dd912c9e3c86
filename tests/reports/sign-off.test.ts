/** Signing a month over the API, what stays frozen, and what the formats hold. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import readXlsxFile from 'read-excel-file/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MonthlyReport, type ReportSignature } from '../../contracts/api/report.ts';
import { roles } from '../../contracts/api/session.ts';
import { upsertSite } from '../../hub/registry/sites.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { faultsOf } from '../../platform/validate.ts';
import { logIn, startSeededHub } from '../api/seeded-hub.ts';
import { testDatabases } from '../hub/stores.ts';

type Seeded = Awaited<ReturnType<typeof startSeededHub>>;
const path = '/api/v1/reports/monthly';
const DAY = 86_400_000;

for (const database of testDatabases()) {
  describe.skipIf(!database.available)(`sign-off on ${database.dialect}`, () => {
    let seeded: Seeded;
    let month = '';
    beforeAll(async () => {
      await database.start();
      seeded = await startSeededHub({ database: await database.url() });
      await upsertSite(seeded.hub.store, {
        ...{ id: 'evil', name: { zh: '=HYPERLINK("http://x")', en: '=1+1' }, address: '—' },
        manager: { name: '陈工' },
      });
      month = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 7);
    }, 120_000);
    afterAll(async () => {
      await seeded?.close();
      await database.close();
    });

    const read = async (query = '', who: 'viewer' | 'supervisor' = 'supervisor') => {
      const answer = await seeded.people[who].call('GET', `${path}?month=${month}${query}`);
      expect(answer.status).toBe(200);
      return (await answer.json()) as MonthlyReport;
    };
    const file = async (format: string, more = '') => {
      const answer = await seeded.people.supervisor.call('GET', `${path}?month=${month}&format=${format}${more}`);
      expect(answer.status).toBe(200);
      return { answer, bytes: Buffer.from(await answer.arrayBuffer()) };
    };
    const sign = (body: object, who: 'operator' | 'supervisor' | 'admin' = 'supervisor') =>
      seeded.people[who].call('POST', `${path}/sign`, { body: { month, ...body } });

    test('what is answered is what the contract says; a running month cannot be signed', async () => {
      const report = await read();
      expect(faultsOf(MonthlyReport, report)).toEqual([]);
      expect(report).toMatchObject({ state: 'provisional', complete: false, signature: null });
      expect(report.figures.received.total).toBe(12);
      const refused = await sign({ digest: report.digest });
      expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'API_REPORT_OPEN']);
    });

    test('operators’ names are for supervisors', async () => {
      expect((await read()).figures.operators?.map(({ operator }) => operator)).toContain('operator');
      const seen = await read('', 'viewer');
      expect(seen.figures.operators).toBeNull();
      expect(seen.tables.map(({ id }) => id)).not.toContain('operators');
    });

    test('signed as it was seen; frozen against what comes later; a correction stands beside it', async () => {
      seeded.advance(35 * DAY);
      // Sessions end meanwhile.
      for (const role of roles) seeded.people[role] = await logIn(seeded.hub.url, role);
      const before = await read();
      expect(before.complete).toBe(true);
      expect((await sign({ digest: before.digest }, 'operator')).status).toBe(403);
      expect((await sign({ digest: '0'.repeat(64) })).status).toBe(412);
      const signed = (await (await sign({ digest: before.digest })).json()) as MonthlyReport;
      expect(signed).toMatchObject({ state: 'signed', signature: { version: 1, by: 'supervisor', note: null } });
      expect(signed.figures).toEqual(before.figures);
      // Somebody takes a rejection of that month back.
      const [rejected] = (await seeded.hub.caseReads.list({ state: 'rejected' })).cases;
      if (!rejected) throw new Error('no rejected case');
      const actor = { name: 'supervisor', role: 'supervisor' } as const;
      await seeded.hub.caseCommands.apply(
        rejected.id,
        { command: 'reopen', note: 'seen again' },
        actor,
        rejected.version,
      );
      expect((await read()).figures).toEqual(before.figures);
      const now = await read('&version=0');
      expect(now.state).toBe('provisional');
      expect(now.figures.review.rejected).toBe(before.figures.review.rejected - 1);
      expect((await sign({ digest: now.digest })).status).toBe(400);
      expect((await sign({ digest: now.digest, note: '驳回有误，已重新审核' }, 'admin')).status).toBe(200);
      expect((await read()).signature).toMatchObject({ version: 2, by: 'admin', note: '驳回有误，已重新审核' });
      expect((await read('&version=1')).figures).toEqual(before.figures);
      expect((await seeded.people.viewer.call('GET', `${path}?month=${month}&version=9`)).status).toBe(404);
      const versions = (await (
        await seeded.people.viewer.call('GET', `${path}/versions?month=${month}`)
      ).json()) as ReportSignature[];
      expect(versions.map(({ version, by }) => [version, by])).toEqual([
        [1, 'supervisor'],
        [2, 'admin'],
      ]);
      const rows = await seeded.hub.store.db.selectFrom('monthly_reports').selectAll().orderBy('n').execute();
      expect(rows[1]?.prev_hash).toBe(rows[0]?.hash);
      for (const row of rows) expect(sha256Hex(row.body)).toBe(row.body_hash);
    });

    test('what was changed in the database after signing is not given out as signed', async () => {
      const { db } = seeded.hub.store;
      const change = (fields: { body?: string; signed_by?: string }) =>
        db.updateTable('monthly_reports').set(fields).where('month', '=', month).where('version', '=', 1).execute();
      const statusNow = async () => (await seeded.people.viewer.call('GET', `${path}?month=${month}&version=1`)).status;
      const row = await db
        .selectFrom('monthly_reports')
        .selectAll()
        .where('month', '=', month)
        .where('version', '=', 1)
        .executeTakeFirstOrThrow();
      expect(await statusNow()).toBe(200);
      await change({ body: row.body.replace('"confirmed":', '"confirmed": ') });
      expect(await statusNow()).toBe(500);
      await change({ body: row.body, signed_by: 'somebody' });
      expect(await statusNow()).toBe(500);
      await change({ signed_by: row.signed_by });
      expect(await statusNow()).toBe(200);
    });

    test('the month after compares with what was signed', async () => {
      const [year = 0, number = 0] = month.split('-').map(Number);
      const next = new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
      const answer = await seeded.people.viewer.call('GET', `${path}?month=${next}`);
      const { figures } = (await answer.json()) as MonthlyReport;
      expect(figures.previous).toMatchObject({ month, version: 2 });
    });

    test('CSV: a line for each figure, and no text becomes a formula', async () => {
      const { bytes } = await file('csv', '&lang=en');
      const lines = bytes.toString('utf8').split('\r\n');
      expect(lines[0]).toBe('\uFEFFmonth,state,version,table,item,column,value,count,of');
      expect(lines.find((line) => line.includes(',overview,Received,This month,'))).toBe(
        `${month},signed,2,overview,Received,This month,12,,`,
      );
      expect(lines.find((line) => line.startsWith(`${month},signed,2,overview,Precision,This month`))).toMatch(
        /,\d+,\d+$/,
      );
      expect(lines.filter((line) => line.includes('=1+1'))).not.toEqual([]);
      expect(lines.filter((line) => /(^|,)"?[=+@]/.test(line))).toEqual([]);
    });

    test('workbook: sheets, real numbers, percentages with their counts, texts that stay texts', async () => {
      const { bytes } = await file('xlsx');
      const sheets = await readXlsxFile(bytes);
      expect(sheets.map(({ sheet }) => sheet)).toEqual([
        ...['总览', '受理', '区县考评', '时段', '地点', '工地', '摄像机', '审核员', '现状', '不掌握的项目'],
      ]);
      const overview = sheets[0]?.data ?? [];
      const line = (name: string) => overview.find(([first]) => first === name);
      expect(line('受理')?.[1]).toBe(12);
      const { precision } = (await read()).figures.headline;
      const [, value, count, of] = line('发现准确率') ?? [];
      expect([count, of]).toEqual([precision.count, precision.of]);
      expect(value).toBeCloseTo(precision.value ?? -1, 9);
      const texts = sheets.find(({ sheet }) => sheet === '工地')?.data.flat();
      expect(texts).toContain('=HYPERLINK("http://x")');
      const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-xlsx-'));
      writeFileSync(join(folder, 'a.xlsx'), bytes);
      const inside = execFileSync('unzip', ['-p', join(folder, 'a.xlsx'), 'xl/worksheets/*'], {
        maxBuffer: 1 << 26,
      }).toString();
      rmSync(folder, { recursive: true, force: true });
      expect(inside).not.toContain('<f>');
    });

    test('PDF: the Chinese text can be read out, with denominators and numbered pages', async () => {
      const { bytes, answer } = await file('pdf');
      expect(answer.headers.get('content-disposition')).toContain(`${month}-v2.pdf`);
      const folder = mkdtempSync(join(tmpdir(), 'kerbwatch-pdf-'));
      writeFileSync(join(folder, 'a.pdf'), bytes);
      if (process.env.KERBWATCH_PICTURES) writeFileSync(join(process.env.KERBWATCH_PICTURES, 'bulletin.pdf'), bytes);
      const text = execFileSync('pdftotext', ['-layout', join(folder, 'a.pdf'), '-']).toString();
      rmSync(folder, { recursive: true, force: true });
      const { precision } = (await read()).figures.headline;
      expect(text).toContain(`(${precision.count}/${precision.of})`);
      expect(text).toContain('发现准确率');
      expect(text).toMatch(/第\s*2\s*版，.+签发/);
      // How wide a blank must be to be one is pdftotext's guess.
      const pages = [...text.matchAll(/第\s*(\d+)\s*页\s*\/\s*共\s*(\d+)\s*页/g)].map(([, page, all]) => [
        Number(page),
        Number(all),
      ]);
      expect(pages.length).toBeGreaterThan(2);
      expect(pages).toEqual(pages.map((_, i) => [i + 1, pages.length]));
    });
  });
}
