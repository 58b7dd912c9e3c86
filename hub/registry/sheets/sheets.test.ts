import { deflateRawSync } from 'node:zlib';
import { expect, test } from 'vitest';
import writeXlsxFile from 'write-excel-file/node';
import { fieldAt, withField } from '../../../contracts/field-path.ts';
import { readSeason, readWindows, writeWindows } from '../../../contracts/windows-text.ts';
import { decodeCsv, parseCsv, writeCsv } from './csv.ts';
import { planImport } from './plan-import.ts';
import { readRows } from './read-rows.ts';
import { sheetTables } from './tables.ts';
import { readXlsx, writeXlsx } from './xlsx.ts';

test.each([
  ['1-5 06:00-22:00', [{ days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' }]],
  [
    '周一至周五 6:00~22:00；周六、周日 8:00-12:00',
    [
      { days: [1, 2, 3, 4, 5], from: '06:00', to: '22:00' },
      { days: [6, 7], from: '08:00', to: '12:00' },
    ],
  ],
  ['每天 22:00-06:00', [{ days: [1, 2, 3, 4, 5, 6, 7], from: '22:00', to: '06:00' }]],
  ['18:30-24:00', [{ days: [1, 2, 3, 4, 5, 6, 7], from: '18:30', to: '24:00' }]],
  ['1,3 08:00-09:00', [{ days: [1, 3], from: '08:00', to: '09:00' }]],
  ['', []],
  ['8 08:00-09:00', null],
  ['5-1 08:00-09:00', null],
  ['25:00-26:00', null],
  ['whenever', null],
])('windows: %s', (text, windows) => {
  expect(readWindows(text)).toEqual(windows);
  if (windows !== null) expect(readWindows(writeWindows(windows))).toEqual(windows);
});

test('a season is read and nothing else is', () => {
  expect(readSeason('05-01~10-31')).toEqual({ from: '05-01', to: '10-31' });
  expect(readSeason('summer')).toBeNull();
});

const cells = [
  ['=1+1', "'=kept", '+86 595', '-3', '@x', '\tq', '普通'],
  ['a,b', 'say "hi"', 'two\nlines', '', ' edge ', "it's", '终'],
];

test('CSV: what is written is read back, and no cell begins as a formula', () => {
  const bytes = writeCsv(cells);
  const text = bytes.toString('utf8');
  expect(text.startsWith('\ufeff')).toBe(true);
  expect(parseCsv(text.slice(1))).toEqual(cells);
  for (const cell of text.slice(1).split(/[,\r\n]/)) expect(cell).not.toMatch(/^"?[=+\-@\t]/);
});

test('XLSX: what is written is read back, as texts and not as formulas', async () => {
  const rows = [
    ['甲', '乙', '丙'],
    ['=HYPERLINK("http://x")', '+1', '007'],
    ['@a', '-2', '多行\n文字'],
  ];
  expect(await readXlsx(await writeXlsx(rows, '表'))).toEqual(rows);
});

test('XLSX: dates are days, numbers keep their digits, of a formula only its saved value counts', async () => {
  const bytes = await writeXlsxFile([
    [
      { value: new Date('2026-11-28T00:00:00Z'), type: Date, format: 'yyyy-mm-dd' },
      { value: 118.61042, type: Number },
    ],
    [
      { value: '=1+1', type: 'Formula' },
      { value: '1', type: String },
    ],
  ]).toBuffer();
  const rows = await readXlsx(bytes);
  expect(rows?.[0]).toEqual(['2026-11-28', '118.61042']);
  expect(rows?.[1]?.[0] ?? '').not.toBe('2');
});

test('a broken workbook and one that unpacks to more than it says are refused', async () => {
  const good = await writeXlsx([['a'], ['b']], 'x');
  expect(await readXlsx(good.subarray(0, good.length - 30))).toBeNull();
  const bomb = deflateRawSync(Buffer.alloc(1_000_000));
  const local = Buffer.alloc(31);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(8, 8);
  local.writeUInt16LE(1, 26);
  local.write('a', 30);
  const entry = Buffer.alloc(47);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(8, 10);
  entry.writeUInt32LE(bomb.length, 20);
  entry.writeUInt32LE(100, 24);
  entry.writeUInt16LE(1, 28);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(local.length + bomb.length, 16);
  expect(await readXlsx(Buffer.concat([local, bomb, entry, end]))).toBeNull();
});

test.each([
  ['utf-8', Buffer.from('名称,值\n文,1', 'utf8')],
  ['utf-8', Buffer.from('\ufeff名称,值\n文,1', 'utf8')],
  // 名称,值 / 文,1 in GB18030.
  ['gb18030', Buffer.from('c3fbb3c62cd6b50acec42c31', 'hex')],
  ['utf-16le', Buffer.from('\ufeff名称\t值\n文\t1', 'utf16le')],
])('CSV in %s', async (encoding, bytes) => {
  const { rows, ...read } = await readRows(bytes);
  expect(read).toEqual({ format: 'csv', encoding });
  expect(rows.map((row) => row.cells)).toEqual([
    ['名称', '值'],
    ['文', '1'],
  ]);
});

test('what is neither encoding, holds zeros or is never closed is refused', async () => {
  expect(decodeCsv(Buffer.from([0x81, 0xff]))).toBeNull();
  for (const bytes of [Buffer.from([0x81, 0xff]), Buffer.from('a\0b'), Buffer.from('a,"b\nc')])
    await expect(readRows(bytes)).rejects.toMatchObject({ code: 'API_SHEET' });
});

test('delimiters, quotes and line ends of many programs', () => {
  expect(parseCsv('a;b\r\n"x;y";2')).toEqual([
    ['a', 'b'],
    ['x;y', '2'],
  ]);
  expect(parseCsv('a,b\r1,\r')).toEqual([
    ['a', 'b'],
    ['1', ''],
  ]);
  expect(parseCsv('"a""b",c')).toEqual([['a"b', 'c']]);
  expect(parseCsv('')).toEqual([]);
});

test('fields by path', () => {
  expect(fieldAt({ a: { b: 1 } }, 'a.b')).toBe(1);
  expect(fieldAt({ a: 1 }, 'a.b')).toBeUndefined();
  expect(withField({ a: { b: 1, c: 2 } }, 'a.b', undefined)).toEqual({ a: { c: 2 } });
  expect(withField({ a: { b: 1 } }, 'a.b', undefined)).toEqual({});
  expect(withField({}, 'a.b', 1)).toEqual({ a: { b: 1 } });
});

const known = { entries: new Map(), sites: new Set(['plot-17']), nodes: new Set<string>() };
const plan = async (csv: string, what: keyof typeof sheetTables = 'permits', entries = known.entries) =>
  planImport(sheetTables[what], await readRows(Buffer.from(csv)), { ...known, entries });
const HEAD = '路线牌号,工地编号,运输企业,车牌,有效期自,有效期至';

test('each fault is named by row and column, with how to correct it', async () => {
  const { good, faults, rows } = await plan(
    [
      HEAD,
      'P-1,plot-17,甲,闽C12345,2026-01-01,2026年12月31日',
      'P-2,plot-17,甲,闽C12,2026-01-01,2026-12-31',
      'P-3,nowhere,甲,闽CD12345,2026-01-01,2026-12-31',
      '',
      'P-1,plot-17,,闽C12345,2026-12-31,2026-01-01',
      'P-4,plot-17,甲,闽C12345,2026-12-31,2026-01-01',
    ].join('\n'),
  );
  expect([rows, good.map(({ body }) => body)]).toEqual([
    5,
    [
      {
        id: 'P-1',
        site: 'plot-17',
        carrier: '甲',
        plates: ['闽C12345'],
        windows: [],
        validFrom: '2026-01-01',
        validTo: '2026-12-31',
      },
    ],
  ]);
  expect(faults.map(({ row, column, value }) => [row, column, value])).toEqual([
    [3, '车牌', '闽C12'],
    [4, '工地编号', 'nowhere'],
    [6, '运输企业', ''],
    [6, '路线牌号', 'P-1'],
    [7, '有效期至', '2026-01-01'],
  ]);
  for (const { message, messageZh } of faults) {
    expect(messageZh).toMatch(/\p{Script=Han}/u);
    expect(message).toMatch(/[a-z]/);
  }
});

test('headings: a missing, an unknown and a double one are told; any language and order will do', async () => {
  await expect(plan('路线牌号,工地编号,胡说,工地编号\nP-1,plot-17,x,y')).rejects.toMatchObject({
    code: 'API_SHEET',
    faults: expect.arrayContaining([
      expect.objectContaining({ path: '车牌' }),
      expect.objectContaining({ path: '胡说' }),
      expect.objectContaining({ path: '工地编号' }),
    ]),
  });
  const english = 'Valid to,Valid from,number plates,carrier,site,id\n2026-12-31,2026-01-01,闽C12345,A,plot-17,P-1';
  expect((await plan(english)).good).toHaveLength(1);
});

test('what a file has no column for stays; an empty cell takes its field away', async () => {
  const before = {
    id: 's',
    name: { zh: '旧', en: 'old' },
    address: '路',
    manager: { name: '陈', phone: '1' },
    managers: [{ name: '林' }],
  };
  const { good } = await plan('工地编号,名称,地址,负责人,电话\ns,新,路,陈,', 'sites', new Map([['s', before]]));
  expect(good[0]?.body).toEqual({
    id: 's',
    name: { zh: '新', en: 'old' },
    address: '路',
    manager: { name: '陈' },
    managers: [{ name: '林' }],
  });
});
