/** A stall occupies the road: 占道经营, 店外经营, 游商. */
import { Type } from '@sinclair/typebox';
import { Point, Polyline } from '../geometry.ts';
import { StallPermit } from '../schedule.ts';
import { defineViolation } from './violation.ts';

/** Stricter by heritage sites and schools. */
const SENSITIVE_DWELL_SECONDS = 120;

export const roadStall = defineViolation({
  kind: 'road-stall',
  title: { zh: '占道经营', en: 'Stall on the road' },
  summary: {
    zh: '摊位在禁止区域停留超过规定时间',
    en: 'A stall stands in a forbidden zone for longer than the rule allows',
  },
  matters: [
    { scheme: 'city-table-b', code: '04-06' },
    { scheme: 'gbt30428.2-2013', code: '05-01' },
  ],
  filing: [
    {
      ...{ scheme: 'city-table-b', code: '04-06', title: { zh: '占道经营', en: 'Trading on the road' } },
      reasons: ['road'],
      limit: { amount: 2, unit: 'running-hours' },
    },
    {
      ...{ scheme: 'city-table-b', code: '04-01', title: { zh: '无照经营游商', en: 'Unlicensed roaming vendor' } },
      reasons: ['roaming'],
      limit: { amount: 2, unit: 'running-hours' },
    },
    {
      ...{ scheme: 'city-table-b', code: '04-05', title: { zh: '店外经营', en: 'Trading beyond the shop front' } },
      reasons: ['shopfront'],
      limit: { amount: 2, unit: 'running-hours' },
    },
    {
      ...{ scheme: 'gbt30428.2-2013', code: '05-01', title: { zh: '无照经营游商', en: 'Unlicensed roaming vendor' } },
      reasons: ['roaming', 'road'],
    },
    {
      ...{ scheme: 'gbt30428.2-2013', code: '05-04', title: { zh: '店外经营', en: 'Trading beyond the shop front' } },
      reasons: ['shopfront'],
    },
  ],
  params: Type.Object(
    {
      candidateSeconds: Type.Number({
        default: 60,
        minimum: 1,
        maximum: 3600,
        description: 'Dwell after which a place becomes a candidate and its start still is kept, s',
      }),
      dwellSeconds: Type.Number({
        default: 180,
        minimum: 2,
        maximum: 7200,
        description: 'Forbidden dwell on one place after which the event starts, s (120 by heritage sites and schools)',
      }),
      gapSeconds: Type.Number({
        default: 90,
        minimum: 0,
        maximum: 1800,
        description: 'Longest stretch without a sight of the place that counts as unknown and not as absence, s',
      }),
      rearmSeconds: Type.Number({
        default: 300,
        minimum: 1,
        maximum: 7200,
        description: 'Certain absence after which the event ends and the place is armed again, s',
      }),
      minScore: Type.Number({
        default: 0.35,
        minimum: 0,
        maximum: 1,
        description: 'Detections below this score are not seen by the rule',
      }),
      sureScore: Type.Number({
        default: 0.45,
        minimum: 0,
        maximum: 1,
        description:
          'What a stall or cart of the model must score in the mean over all looks, nothing for those that miss it, before it is told',
      }),
      placeRadius: Type.Number({
        default: 0.5,
        minimum: 0.1,
        maximum: 3,
        description:
          'How far a stall may shift and stay the same one, in sizes of its box; a metre at least where the zone has a ground plane',
      }),
      shopFrontMetres: Type.Number({
        default: 2,
        minimum: 0.1,
        maximum: 30,
        description:
          'A stall whose foot is this near the shop-front line belongs to the shop, m; without a ground plane 0.6 of its height',
      }),
      standingHours: Type.Number({
        default: 24,
        minimum: 0.001,
        maximum: 720,
        description:
          'What has stood there since the first look and is still taken for a stall after so many hours is proposed as a fixture, once, h',
      }),
    },
    { additionalProperties: false },
  ),
  geometry: Type.Object(
    {
      shopFront: Type.Optional({
        ...Polyline,
        description:
          'Line along the shops’ doors; what stands on the shops’ side of it is inside the shop and no event',
      }),
      sensitivePlace: Type.Optional(
        Type.Union([Type.Literal('heritage'), Type.Literal('school')], {
          description:
            '120 s of dwell instead of 180 unless the parameters say otherwise; heritage cameras have it anyway',
        }),
      ),
      arrival: Type.Optional(
        Type.Union([Type.Literal('required'), Type.Literal('off')], {
          default: 'required',
          description:
            '`required`: what has stood there since the camera’s first look is no event but a proposal to call it a fixture; `off`: it is an event like any other',
        }),
      ),
      permits: Type.Optional(Type.Array(StallPermit, { maxItems: 32 })),
      fixtures: Type.Optional(
        Type.Array(
          Type.Object(
            {
              at: Point,
              radius: Type.Number({ minimum: 0.001, maximum: 0.5 }),
              note: Type.Optional(Type.String({ maxLength: 200 })),
            },
            {
              additionalProperties: false,
              description: 'A spot that an operator silenced: something permanent that looks like a stall',
            },
          ),
          { maxItems: 64 },
        ),
      ),
    },
    { additionalProperties: false },
  ),
  detail: Type.Object(
    {
      dwellSeconds: Type.Number({ minimum: 0, description: 'Forbidden dwell seen so far, s' }),
      attended: Type.Boolean({ description: 'A person stood by for part of the time' }),
      permit: Type.Union([Type.String(), Type.Null()], {
        description: 'Permit whose hours, area or capacity were left, or null',
      }),
      ruleWindow: Type.String({
        description: 'The window of the rule that fired, e.g. "always" or "outside 18:30-22:30"',
      }),
      subKind: Type.Union([Type.Literal('road'), Type.Literal('shopfront'), Type.Literal('roaming')]),
      unknownSeconds: Type.Number({
        minimum: 0,
        description: 'Time within the dwell in which the place could not be seen, s',
      }),
      sightings: Type.Optional(
        Type.Integer({ minimum: 1, description: 'Stretches in which the stall was seen, apart by more than the gap' }),
      ),
      presentSinceStart: Type.Optional(
        Type.Literal(true, {
          description:
            'No violation but a proposal: it has stood as it is since the camera’s first look; a person says whether it is a fixture',
        }),
      ),
      shopFrontMetres: Type.Optional(
        Type.Number({ minimum: 0, description: 'From the shop-front line to the stall’s foot, m, where calibrated' }),
      ),
      widthMetres: Type.Optional(
        Type.Number({ minimum: 0, description: 'Width of the stall at its foot, m, where calibrated' }),
      ),
    },
    { additionalProperties: false },
  ),
  joins: 'place',
  detailLabels: {
    dwellSeconds: { zh: '停留秒数', en: 'Dwell, s' },
    attended: { zh: '有人看守', en: 'Attended' },
    permit: { zh: '许可', en: 'Permit' },
    ruleWindow: { zh: '适用时段', en: 'Rule window' },
    subKind: { zh: '类别', en: 'Sub-kind' },
    unknownSeconds: { zh: '未见秒数', en: 'Unseen, s' },
    sightings: { zh: '出现次数', en: 'Sightings' },
    presentSinceStart: { zh: '自首次观看起就在', en: 'There since the first look' },
    shopFrontMetres: { zh: '距店面线（米）', en: 'From shop front, m' },
    widthMetres: { zh: '摊位宽度（米）', en: 'Width, m' },
  },
  detailValues: {
    subKind: {
      road: { zh: '占道', en: 'On the road' },
      shopfront: { zh: '店外经营', en: 'Beyond the shop front' },
      roaming: { zh: '流动摊贩', en: 'Roaming vendor' },
    },
    ruleWindow: {
      always: { zh: '全天禁止', en: 'Always forbidden' },
      outside: { zh: '{} 以外', en: 'Outside {}' },
    },
  },
  reasonField: 'subKind',
  // Table B: 占道经营 2 紧急工作时.
  handling: { limit: { amount: 2, unit: 'running-hours' } },
  stillOrder: ['start', 'threshold', 'during'],
  placeDefaults: ({ sensitivePlace }, cameraKind) =>
    sensitivePlace !== undefined || cameraKind === 'heritage' ? { dwellSeconds: SENSITIVE_DWELL_SECONDS } : {},
  sample: {
    detail: {
      dwellSeconds: 184,
      attended: true,
      permit: null,
      ruleWindow: 'outside 18:30-22:30',
      subKind: 'road',
      unknownSeconds: 6,
    },
    geometry: {
      shopFront: [
        [0.2, 0.3],
        [0.8, 0.3],
      ],
    },
  },
  observation: Type.Object(
    {
      stalls: Type.Integer({ minimum: 0, description: 'Stalls that stand in the zone; said once a minute' }),
      heldBack: Type.Optional(
        Type.Integer({ minimum: 1, description: 'Events since then that only the camera’s memory held back' }),
      ),
    },
    { additionalProperties: false },
  ),
  statistics: {
    stallMinutes: {
      title: { zh: '摊位停留（摊·分钟）', en: 'Stall minutes' },
      fold: 'sum',
      of: ({ stalls }) => stalls,
    },
    mostStalls: { title: { zh: '同时最多摊位', en: 'Most stalls at once' }, fold: 'max', of: ({ stalls }) => stalls },
  },
});
