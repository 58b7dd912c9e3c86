/** Import of registers from CSV and XLSX files, and what the hub answers. */
import { type Static, Type } from '@sinclair/typebox';

export const sheetKinds = ['permits', 'sites', 'carriers', 'stall-points', 'cameras'] as const;
export const SheetKind = Type.Unsafe<(typeof sheetKinds)[number]>(
  Type.Union(sheetKinds.map((kind) => Type.Literal(kind))),
);
export type SheetKind = Static<typeof SheetKind>;

export const ImportQuery = Type.Object(
  {
    apply: Type.Optional(Type.Boolean({ default: false, description: 'false: look only, nothing is written' })),
    skip: Type.Optional(
      Type.Boolean({ default: false, description: 'true: write the good rows and leave the faulty ones out' }),
    ),
  },
  { additionalProperties: false },
);
export type ImportQuery = Static<typeof ImportQuery>;

export const ImportFault = Type.Object(
  {
    row: Type.Integer({ minimum: 1, description: 'Row of the file as a spreadsheet counts it; 1 is the header' }),
    column: Type.String({ description: 'Heading of the column; empty: the whole row' }),
    value: Type.String({ maxLength: 100, description: 'What stands there' }),
    message: Type.String({ description: 'What is wrong, and how to correct it' }),
    messageZh: Type.String(),
  },
  { additionalProperties: false },
);
export type ImportFault = Static<typeof ImportFault>;

export const ImportResult = Type.Object(
  {
    format: Type.Union([Type.Literal('csv'), Type.Literal('xlsx')], { description: 'By the content of the file' }),
    encoding: Type.Union([Type.String(), Type.Null()], { description: 'Of a CSV: utf-8, gb18030 or utf-16le' }),
    rows: Type.Integer({ description: 'Rows below the header that are not empty' }),
    created: Type.Integer({ description: 'Rows that are new' }),
    changed: Type.Integer({ description: 'Rows that change what is there' }),
    same: Type.Integer({ description: 'Rows that say what is known already' }),
    faulty: Type.Integer({ description: 'Rows with at least one fault' }),
    faults: Type.Array(ImportFault, { maxItems: 1000 }),
    applied: Type.Boolean({ description: 'The rows without a fault are written' }),
  },
  { additionalProperties: false },
);
export type ImportResult = Static<typeof ImportResult>;
