/** Shared bikes clutter the pavement: 共享单车乱停放. */
import { Type } from '@sinclair/typebox';
import { Polygon } from '../geometry.ts';
import { defineViolation } from './violation.ts';

const SensitiveSurface = Type.Union([
  Type.Literal('tactile'),
  Type.Literal('gate'),
  Type.Literal('heritage-apron'),
  Type.Literal('walkway'),
]);

/** Tactile paving, gates, heritage aprons, blocked walkways. */
const SENSITIVE = { minCount: 3, holdSeconds: 300 } as const;

const corner = (x: number): Polygon => [
  [x, 0.7],
  [x + 0.2, 0.7],
  [x + 0.2, 0.9],
  [x, 0.9],
];

export const bikeClutter = defineViolation({
  kind: 'bike-clutter',
  title: { zh: '共享单车乱停放', en: 'Shared-bike clutter' },
  summary: {
    zh: '停车区外的单车数量超过规定并持续',
    en: 'More bikes outside the bays than allowed, for longer than allowed',
  },
  matters: [
    { scheme: 'city-table-b', code: '04-10' },
    { scheme: 'gbt30428.2-2013', code: '05-06' },
  ],
  filing: [
    {
      ...{ scheme: 'city-table-b', code: '04-10', title: { zh: '非机动车乱停放', en: 'Bicycles left about' } },
      limit: { amount: 2, unit: 'working-hours' },
    },
    {
      ...{ scheme: 'gbt30428.2-2013', code: '05-06', title: { zh: '非机动车乱停放', en: 'Bicycles left about' } },
    },
  ],
  params: Type.Object(
    {
      minCount: Type.Integer({
        default: 8,
        minimum: 1,
        maximum: 500,
        description: 'Bikes outside bays at which the clutter counts (3 on a sensitive surface)',
      }),
      holdSeconds: Type.Number({
        default: 600,
        minimum: 1,
        maximum: 7200,
        description: 'Time at or above the count before the event starts, s (300 on a sensitive surface)',
      }),
      sensitiveCount: Type.Integer({
        default: 3,
        minimum: 1,
        maximum: 500,
        description: 'Bikes on one of the zone’s sensitive areas at which the clutter counts',
      }),
      sensitiveHoldSeconds: Type.Number({
        default: 300,
        minimum: 1,
        maximum: 7200,
        description: 'Time at or above that count before the event starts, s',
      }),
      bayOverfill: Type.Number({
        default: 1.2,
        minimum: 1,
        maximum: 5,
        description: 'Share of a bay’s capacity above which the bay is overfull',
      }),
      bayHoldSeconds: Type.Number({
        default: 900,
        minimum: 1,
        maximum: 7200,
        description: 'Time a bay must be overfull before the event starts, s',
      }),
      endShare: Type.Number({
        default: 0.6,
        minimum: 0.05,
        maximum: 1,
        description: 'Hysteresis: the event ends below this share of the threshold',
      }),
      endHoldSeconds: Type.Number({
        default: 120,
        minimum: 1,
        maximum: 3600,
        description: 'Time below the lower threshold before the event ends, s',
      }),
      standSeconds: Type.Number({
        default: 3,
        minimum: 0,
        maximum: 600,
        description: 'A bike counts once it has stood still this long (riders pass), s',
      }),
      minScore: Type.Number({
        default: 0.3,
        minimum: 0,
        maximum: 1,
        description: 'Detections below this score are not counted',
      }),
    },
    { additionalProperties: false },
  ),
  geometry: Type.Object(
    {
      surface: Type.Optional(
        Type.Union([Type.Literal('pavement'), ...SensitiveSurface.anyOf], {
          default: 'pavement',
          description: 'All but pavement are sensitive: 3 bikes for 300 s unless the parameters say otherwise',
        }),
      ),
      sensitive: Type.Optional(
        Type.Array(
          Type.Object(
            { id: Type.String({ minLength: 1, maxLength: 64 }), surface: SensitiveSurface, polygon: Polygon },
            { additionalProperties: false },
          ),
          {
            maxItems: 32,
            description:
              'Parts of the zone where few bikes are too many: tactile paving, gates, aprons, a narrow walkway',
          },
        ),
      ),
      bays: Type.Optional(
        Type.Array(
          Type.Object(
            {
              id: Type.String({ minLength: 1, maxLength: 64 }),
              polygon: Polygon,
              capacity: Type.Integer({ minimum: 1, maximum: 1000 }),
            },
            { additionalProperties: false },
          ),
          { maxItems: 32 },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  detail: Type.Object(
    {
      count: Type.Integer({ minimum: 0, description: 'Bikes in the zone, inside and outside bays' }),
      capacity: Type.Integer({ minimum: 0, description: 'Sum of the bays’ capacities' }),
      outsideBay: Type.Integer({ minimum: 0 }),
      blockedShare: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
        description: 'Share of the zone without its bays that bikes cover; of the ground in m² where calibrated',
      }),
      disorder: Type.Union([Type.Number({ minimum: 0, maximum: 1 }), Type.Null()], {
        description: 'Spread of orientation and spacing, 0 = a tidy row',
      }),
      orientationDisorder: Type.Optional(
        Type.Number({ minimum: 0, maximum: 1, description: 'Spread of orientation: the first part of disorder' }),
      ),
      spacingDisorder: Type.Optional(
        Type.Number({ minimum: 0, maximum: 1, description: 'Spread of spacing: the second part of disorder' }),
      ),
      reason: Type.Union([
        Type.Literal('outside-bay'),
        Type.Literal('bay-overfull'),
        Type.Literal('sensitive-surface'),
      ]),
      place: Type.Optional(
        Type.String({ maxLength: 64, description: 'The overfull bay or the sensitive area, by its id' }),
      ),
      placeCount: Type.Optional(Type.Integer({ minimum: 0, description: 'Bikes in that bay or area' })),
      series: Type.Array(Type.Tuple([Type.Integer(), Type.Integer()]), {
        maxItems: 60,
        description: '[seconds since start, bikes that count: outside bays, or in the bay or area of the event]',
      }),
    },
    { additionalProperties: false },
  ),
  joins: 'zone',
  detailLabels: {
    count: { zh: '单车总数', en: 'Bikes' },
    capacity: { zh: '停车区容量', en: 'Bay capacity' },
    outsideBay: { zh: '区外数量', en: 'Outside bays' },
    blockedShare: { zh: '占用比例', en: 'Blocked share' },
    disorder: { zh: '凌乱度', en: 'Disorder' },
    orientationDisorder: { zh: '朝向凌乱度', en: 'Disorder of orientation' },
    spacingDisorder: { zh: '间距凌乱度', en: 'Disorder of spacing' },
    reason: { zh: '原因', en: 'Reason' },
    place: { zh: '位置', en: 'Bay or area' },
    placeCount: { zh: '该处数量', en: 'Bikes there' },
    series: { zh: '数量变化', en: 'Count over time' },
  },
  detailValues: {
    reason: {
      'outside-bay': { zh: '停车区外', en: 'Outside the bays' },
      'bay-overfull': { zh: '停车区超量', en: 'Bay overfull' },
      'sensitive-surface': { zh: '敏感区域停放', en: 'On a sensitive surface' },
    },
  },
  reasonField: 'reason',
  // Table B: 共享单车 2 工作时.
  handling: { limit: { amount: 2, unit: 'working-hours' } },
  stillOrder: ['worst', 'start', 'threshold', 'during'],
  placeDefaults: ({ surface }, cameraKind) =>
    (surface ?? (cameraKind === 'heritage' ? 'heritage-apron' : 'pavement')) === 'pavement' ? {} : SENSITIVE,
  sample: {
    detail: {
      count: 17,
      capacity: 6,
      outsideBay: 11,
      blockedShare: 0.42,
      disorder: 0.61,
      reason: 'outside-bay',
      series: [
        [0, 8],
        [300, 10],
        [600, 11],
      ],
    },
    geometry: {
      sensitive: [{ id: 'steps', surface: 'tactile', polygon: corner(0.2) }],
      bays: [{ id: 'bay-1', polygon: corner(0.6), capacity: 6 }],
    },
  },
  observation: Type.Object(
    {
      bikes: Type.Integer({ minimum: 0, description: 'Bikes that stand in the zone; said once a minute' }),
      outsideBays: Type.Integer({ minimum: 0, description: 'Of these, outside bays' }),
    },
    { additionalProperties: false },
  ),
  statistics: {
    mostBikes: { title: { zh: '最多单车数', en: 'Most bikes' }, fold: 'max', of: ({ bikes }) => bikes },
    mostOutsideBays: {
      title: { zh: '区外最多', en: 'Most outside bays' },
      fold: 'max',
      of: ({ outsideBays }) => outsideBays,
    },
  },
});
