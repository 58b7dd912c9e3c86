/** Haulage permits made by us: as many as a city has issued (718), with a few faulty rows where a test wants them. */

const HEAD = ['路线牌号', '工地编号', '运输企业', '车牌', '路线', '通行时段', '有效期自', '有效期至'];
const LETTERS = 'ABCDEFGHJK';

/** Placard number of the permit in this place, from 0. */
export const placard = (i: number): string => `QZ-2026-${String(i + 1).padStart(4, '0')}`;

const plate = (i: number) => `闽C${LETTERS[i % 10]}${String(1000 + i)}`;

/** Rows of a table, its headings first. @param site that each of them belongs to */
export function permitRows(site: string, count = 718): string[][] {
  const rows = Array.from({ length: count }, (_, i) => [
    placard(i),
    site,
    `刺桐${(i % 23) + 1}号运输有限公司`,
    `${plate(i)}、${plate(i + 1000)}`,
    `滨海路—${(i % 12) + 1}号消纳场`,
    '1-5 22:00-06:00; 周六、周日 20:00-06:00',
    '2026-01-01',
    '2026/12/31',
  ]);
  return [HEAD, ...rows];
}

/** The same with faults in rows 5 (plate), 300 (day) and 700 (site) of the file. */
export function faultyPermitRows(site: string): string[][] {
  const rows = permitRows(site);
  const put = (row: number, column: number, value: string) => {
    const cells = rows[row - 1];
    if (cells) cells[column] = value;
  };
  put(5, 3, '闽C12');
  put(300, 7, '2026-02-30');
  put(700, 1, 'no-such-site');
  return rows;
}

/** As a CSV without a mark. */
export const csvOf = (rows: readonly (readonly string[])[]): string => rows.map((row) => row.join(',')).join('\r\n');
