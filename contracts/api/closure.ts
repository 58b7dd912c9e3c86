/** Closure codes: how a case ended, in lists that are never changed but followed by the next version. */
import { type Static, Type } from '@sinclair/typebox';
import { Bilingual } from '../text.ts';
import { Timestamp } from '../time.ts';
import { Outcome } from './case.ts';

export const ClosureCode = Type.Object(
  {
    code: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,38}$' }),
    title: Bilingual,
    outcome: { ...Outcome, description: '721: what a case with this code counts as' },
  },
  { additionalProperties: false },
);
export type ClosureCode = Static<typeof ClosureCode>;

export const ClosureListBody = Type.Object(
  { codes: Type.Array(ClosureCode, { minItems: 1, maxItems: 60 }) },
  { additionalProperties: false },
);
export type ClosureListBody = Static<typeof ClosureListBody>;

export const ClosureList = Type.Object(
  {
    version: Type.Integer({ minimum: 1, description: '1 ships with the program, and is a proposal of ours' }),
    codes: Type.Array(ClosureCode),
    since: Type.Union([Timestamp, Type.Null()]),
    by: Type.Union([Type.String(), Type.Null()]),
  },
  { additionalProperties: false },
);
export type ClosureList = Static<typeof ClosureList>;

const code = (name: string, zh: string, en: string, outcome: ClosureCode['outcome']): ClosureCode => ({
  ...{ code: name, title: { zh, en }, outcome },
});

/** What ships: ours, in the order of 721; no city's list was found. */
export const shippedClosureCodes: readonly ClosureCode[] = [
  code('persuaded', '劝导后自行整改', 'Put right after persuasion', 'service'),
  code('gone', '到场时已消失', 'Gone when the unit came', 'service'),
  code('moved-to-permitted', '引导至便民服务点', 'Led to a permitted place', 'service'),
  code('cleared-by-unit', '处置单位清理', 'Cleared by the unit', 'management'),
  code('corrected', '责任单位整改', 'Corrected by who is responsible', 'management'),
  code('talk', '约谈整改', 'Summoned and corrected', 'management'),
  code('filed-for-penalty', '移交立案查处', 'Handed over for a penalty', 'enforcement'),
  code('transferred', '移交其他部门', 'Handed over to another authority', 'management'),
];
