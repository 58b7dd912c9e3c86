/** Camera memory: what a node says of the places where its detector draws boxes, and what is ordered of it. */
import { type Static, Type } from '@sinclair/typebox';
import { BoxXywh } from './geometry.ts';
import { CameraId, ZoneId } from './ids.ts';
import { Timestamp } from './time.ts';
import { ViolationKindSchema } from './violations/index.ts';

/** Cells of the picture, row by row from the top left. */
export const MEMORY_COLS = 32;
export const MEMORY_ROWS = 18;
export const MEMORY_CELLS = MEMORY_COLS * MEMORY_ROWS;
/** Most cells of a layer that are told of: a whole map stays below what the hub takes in one message. */
export const MAX_TOLD_CELLS = 250;

/** Day and night are other pictures: what the detector takes for a stall by lamplight it may see rightly by day. */
export const memoryLights = ['day', 'night'] as const;
export const MemoryLight = Type.Unsafe<(typeof memoryLights)[number]>(
  Type.Union(memoryLights.map((light) => Type.Literal(light))),
);
export type MemoryLight = Static<typeof MemoryLight>;

/** Things that are remembered together: one false shape is a stall in this frame and a cart in the next. */
export const memoryThings = ['stall', 'bicycle', 'muck_truck'] as const;
export const MemoryThing = Type.Unsafe<(typeof memoryThings)[number]>(
  Type.Union(memoryThings.map((thing) => Type.Literal(thing))),
);
export type MemoryThing = Static<typeof MemoryThing>;

const weight = (description: string) => Type.Number({ minimum: 0, maximum: 1e6, description });

/** One cell; what is counted fades with the half-life. */
export const MemoryCell = Type.Object(
  {
    cell: Type.Integer({ minimum: 0, maximum: MEMORY_CELLS - 1, description: 'row · 32 + column' }),
    share: Type.Number({ minimum: 0, maximum: 1, description: 'Of the watched time, in which a box stood here' }),
    days: weight('Days on which it stood here for most of the watched time and no case was confirmed'),
    dwells: weight('Stays of a minute or more that ended without an event'),
    events: weight('Events that began here'),
    rejected: weight('Cases here that were rejected as no such thing'),
    confirmed: weight('Cases here of something real: confirmed, or rejected as permitted'),
    bar: Type.Number({ minimum: 0, maximum: 1, description: 'Mean score asked for here; 0 = as everywhere' }),
  },
  { additionalProperties: false },
);
export type MemoryCell = Static<typeof MemoryCell>;

export const MemoryLayer = Type.Object(
  {
    light: MemoryLight,
    thing: MemoryThing,
    watchedHours: weight('Watched in this light'),
    cells: Type.Array(MemoryCell, {
      maxItems: MAX_TOLD_CELLS,
      description: 'Those with a bar, a case or the most boxes, in their order',
    }),
  },
  { additionalProperties: false },
);
export type MemoryLayer = Static<typeof MemoryLayer>;

export const MemoryMap = Type.Object(
  {
    enabled: Type.Boolean({ description: 'false: nothing is counted and no bar is raised' }),
    at: Type.Union([Timestamp, Type.Null()], { description: 'Camera time of the last frame that was counted' }),
    since: Type.Union([Timestamp, Type.Null()], { description: 'Since when the camera remembers' }),
    minDays: weight('Evidence, in days, from which the bar rises'),
    sureScore: Type.Number({ minimum: 0, maximum: 1, description: 'The bar never rises above it' }),
    raised: Type.Integer({ minimum: 0, description: 'Cells with a raised bar' }),
    heldBack: Type.Integer({ minimum: 0, description: 'Events that only a raised bar held back' }),
    forgotten: Type.Union(
      [
        Type.Object({ at: Timestamp, cells: Type.Integer({ minimum: 0 }) }, { additionalProperties: false }),
        Type.Null(),
      ],
      { description: 'What the last reset took, while it can be brought back' },
    ),
    layers: Type.Array(MemoryLayer, { maxItems: memoryLights.length * memoryThings.length }),
  },
  { additionalProperties: false },
);
export type MemoryMap = Static<typeof MemoryMap>;

/** Of which part of the picture: all that is named must hold; nothing named is everything. */
export const MemoryPart = {
  zone: Type.Optional(ZoneId),
  cells: Type.Optional(
    Type.Array(Type.Integer({ minimum: 0, maximum: MEMORY_CELLS - 1 }), { minItems: 1, maxItems: MEMORY_CELLS }),
  ),
  light: Type.Optional(MemoryLight),
};

/** What a person decided: `none` takes an earlier word on the same case back. */
export const caseWords = ['confirmed', 'rejected', 'none'] as const;
const CaseWord = Type.Unsafe<(typeof caseWords)[number]>(Type.Union(caseWords.map((word) => Type.Literal(word))));

/** Where and when the things of a case stood. */
export const CaseSight = Type.Object(
  { class: Type.String({ maxLength: 40 }), box: BoxXywh, at: Timestamp },
  { additionalProperties: false },
);
export type CaseSight = Static<typeof CaseSight>;
export const MAX_CASE_SIGHTS = 32;

const closed = { additionalProperties: false } as const;

/** What the hub may order of a camera's memory; each is answered with the map as it is then. */
export const MemoryOrder = Type.Union([
  Type.Object({ command: Type.Literal('memory-show'), camera: CameraId }, closed),
  Type.Object({ command: Type.Literal('memory-reset'), camera: CameraId, ...MemoryPart }, closed),
  Type.Object({ command: Type.Literal('memory-restore'), camera: CameraId }, closed),
  Type.Object(
    {
      command: Type.Literal('verdict'),
      camera: CameraId,
      kind: ViolationKindSchema,
      case: Type.String({ minLength: 1, maxLength: 64 }),
      verdict: CaseWord,
      sights: Type.Array(CaseSight, { maxItems: MAX_CASE_SIGHTS }),
    },
    closed,
  ),
]);
export type MemoryOrder = Static<typeof MemoryOrder>;
/** As it travels: under one id it is carried out once, however often it comes. */
export type MemoryCommand = MemoryOrder & { readonly requestId: string };

/**
 * The middle of a cell, in shares of the frame.
 *
 * @example cellCentre(0) // [0.015625, 0.02777…]
 */
export function cellCentre(cell: number): [number, number] {
  return [((cell % MEMORY_COLS) + 0.5) / MEMORY_COLS, (Math.floor(cell / MEMORY_COLS) + 0.5) / MEMORY_ROWS];
}
