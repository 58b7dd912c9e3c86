/** A truck leaves a site uncovered or spilling: 渣土车滴洒漏. The unit is one gate pass. */
import { Type } from '@sinclair/typebox';
import { Point, Polygon, Segment } from '../geometry.ts';
import { defineViolation } from './violation.ts';

export const MuckTruckFinding = Type.Union([
  Type.Literal('uncovered'),
  Type.Literal('spill'),
  Type.Literal('unwashed'),
  Type.Literal('no-permit'),
]);

const Direction = Type.Union([Type.Literal('outbound'), Type.Literal('inbound')]);
const Load = Type.Union([Type.Literal('loaded'), Type.Literal('empty'), Type.Literal('unknown')]);
const Cover = Type.Union([
  Type.Literal('covered'),
  Type.Literal('partly'),
  Type.Literal('uncovered'),
  Type.Literal('unknown'),
]);

export const muckTruck = defineViolation({
  kind: 'muck-truck',
  title: { zh: '渣土车滴洒漏', en: 'Muck truck uncovered or spilling' },
  summary: {
    zh: '渣土车驶出工地时未苫盖、遗撒或未冲洗',
    en: 'A truck leaves a construction site uncovered, spilling or unwashed',
  },
  matters: [
    { scheme: 'city-table-b', code: '03-11' },
    { scheme: 'gbt30428.2-2013', code: '01-12' },
  ],
  filing: [
    {
      ...{
        scheme: 'city-table-b',
        code: '03-11',
        title: { zh: '渣土运输车辆未安装密闭装置', en: 'Muck truck without a closing device' },
      },
      limit: { amount: 2, unit: 'working-days' },
    },
    {
      ...{ scheme: 'city-table-b', code: '01-14', title: { zh: '道路遗撒', en: 'Spilled on the road' } },
      reasons: ['spill'],
      limit: { amount: 4, unit: 'working-hours' },
    },
    {
      ...{ scheme: 'city-table-b', code: '03-12', title: { zh: '施工工地车轮夹带', en: 'Muddy wheels of a site' } },
      reasons: ['unwashed'],
      limit: { amount: 1, unit: 'working-days' },
    },
    {
      ...{ scheme: 'gbt30428.2-2013', code: '01-12', title: { zh: '道路遗撒', en: 'Spilled on the road' } },
      reasons: ['spill'],
    },
  ],
  params: Type.Object(
    {
      minBedFrames: Type.Integer({
        default: 3,
        minimum: 1,
        maximum: 100,
        description: 'Good frames of the bed that must agree before load or cover is said',
      }),
      washSeconds: Type.Number({ default: 20, minimum: 1, maximum: 600, description: 'Least time in the wash box, s' }),
      spillPersistSeconds: Type.Number({
        default: 30,
        minimum: 1,
        maximum: 600,
        description: 'New material must persist this long after traffic has cleared, s',
      }),
      spillBehindSeconds: Type.Number({
        default: 10,
        minimum: 1,
        maximum: 120,
        description: 'Material must appear at most this long behind the truck, s',
      }),
      lostSeconds: Type.Number({
        default: 5,
        minimum: 1,
        maximum: 120,
        description: 'A pass is over when the truck has not been seen for this long, s',
      }),
      minScore: Type.Number({
        default: 0.35,
        minimum: 0,
        maximum: 1,
        description: 'Detections below this score are not seen by the rule',
      }),
    },
    { additionalProperties: false },
  ),
  geometry: Type.Object(
    {
      gateLine: { ...Segment, description: 'The line a truck’s foot point crosses' },
      inside: Type.Tuple([Type.Number({ minimum: 0, maximum: 1 }), Type.Number({ minimum: 0, maximum: 1 })], {
        description: 'Any point on the site’s side of the gate line',
      }),
      site: Type.Optional(Type.String({ maxLength: 64, description: 'Construction site whose gate this is' })),
      washBox: Type.Optional(Polygon),
      ground: Type.Optional(Polygon),
    },
    { additionalProperties: false },
  ),
  geometryFault: ({ gateLine: [a, b], inside }) =>
    (b[0] - a[0]) * (inside[1] - a[1]) === (b[1] - a[1]) * (inside[0] - a[0])
      ? { field: 'inside', message: 'lies on the gate line: which side is the site’s cannot be told' }
      : null,
  detail: Type.Object(
    {
      direction: Direction,
      load: Load,
      cover: Cover,
      spill: Type.Union([
        Type.Object(
          { areaM2: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]), polygon: Type.Array(Point) },
          { additionalProperties: false },
        ),
        Type.Null(),
      ]),
      washSeconds: Type.Union([Type.Number({ minimum: 0 }), Type.Null()]),
      plate: Type.Union([
        Type.Object(
          { text: Type.String({ maxLength: 16 }), score: Type.Number({ minimum: 0, maximum: 1 }) },
          { additionalProperties: false },
        ),
        Type.Null(),
      ]),
      permit: Type.Union([Type.String(), Type.Null()]),
      findings: Type.Array(MuckTruckFinding, { minItems: 1, uniqueItems: true }),
      site: Type.Union([Type.String(), Type.Null()]),
      bedFrames: Type.Integer({ minimum: 0, description: 'Frames that voted on load and cover' }),
    },
    { additionalProperties: false },
  ),
  joins: 'event',
  detailLabels: {
    direction: { zh: '方向', en: 'Direction' },
    load: { zh: '载重', en: 'Load' },
    cover: { zh: '苫盖', en: 'Cover' },
    spill: { zh: '遗撒', en: 'Spill' },
    washSeconds: { zh: '冲洗秒数', en: 'Wash, s' },
    plate: { zh: '车牌', en: 'Plate' },
    permit: { zh: '运输路线牌', en: 'Haulage permit' },
    findings: { zh: '发现问题', en: 'Findings' },
    site: { zh: '工地', en: 'Site' },
    bedFrames: { zh: '判定帧数', en: 'Frames that voted' },
  },
  detailValues: {
    direction: { outbound: { zh: '驶出工地', en: 'Outbound' }, inbound: { zh: '驶入工地', en: 'Inbound' } },
    load: {
      loaded: { zh: '满载', en: 'Loaded' },
      empty: { zh: '空车', en: 'Empty' },
      unknown: { zh: '无法判断', en: 'Cannot tell' },
    },
    cover: {
      covered: { zh: '已苫盖', en: 'Covered' },
      partly: { zh: '部分苫盖', en: 'Partly covered' },
      uncovered: { zh: '未苫盖', en: 'Uncovered' },
      unknown: { zh: '无法判断', en: 'Cannot tell' },
    },
    findings: {
      uncovered: { zh: '未苫盖', en: 'Uncovered' },
      spill: { zh: '遗撒', en: 'Spill' },
      unwashed: { zh: '未冲洗', en: 'Unwashed' },
      'no-permit': { zh: '无运输路线牌', en: 'No permit' },
    },
  },
  reasonField: 'findings',
  // Table B: 未密闭 2 工作日, 道路遗撒 4 工作时, 车轮夹带 1 工作日.
  handling: {
    limit: { amount: 2, unit: 'working-days' },
    byReason: {
      spill: { amount: 4, unit: 'working-hours' },
      unwashed: { amount: 1, unit: 'working-days' },
    },
  },
  // The gate after the truck has gone shows nothing.
  stillOrder: ['bed', 'ground-after', 'during', 'ground-before', 'approach', 'plate'],
  plateField: 'plate',
  sameFields: ['direction', 'load', 'cover'],
  needsHaulagePermit: true,
  readsBeds: true,
  notice: {
    reasons: {
      uncovered: {
        found: { zh: '渣土车装载未苫盖驶出工地', en: 'loaded truck left the site without a cover' },
        required: {
          zh: '立即对出场渣土车辆落实密闭苫盖，未苫盖不得驶出工地。',
          en: 'Cover every loaded truck at once; none leaves the site uncovered.',
        },
      },
      spill: {
        found: { zh: '车辆沿途滴洒、遗撒', en: 'material spilled on the road' },
        required: {
          zh: '立即组织清理遗撒路面，并检查车辆密闭装置。',
          en: 'Clean the road at once, and check that the trucks close tightly.',
        },
      },
      unwashed: {
        found: { zh: '车辆未冲洗干净驶出工地', en: 'truck left the site without being washed' },
        required: {
          zh: '落实车辆冲洗制度，冲洗干净后方可驶出。',
          en: 'Wash every truck; it leaves when it is clean.',
        },
      },
      'no-permit': {
        found: { zh: '未见有效运输路线牌', en: 'no valid haulage permit found' },
        required: {
          zh: '补齐并随车携带运输路线牌，按核准路线和时段运输。',
          en: 'Obtain the haulage placard and carry it; keep to the approved routes and hours.',
        },
      },
    },
    // Spilled material stays on the road, under the wheels of everybody, until it is cleaned.
    urgent: ['spill'],
    facts: [
      { label: { zh: '行驶方向', en: 'Direction' }, fields: ['direction'] },
      { label: { zh: '载重 / 苫盖', en: 'Load / cover' }, fields: ['load', 'cover'] },
    ],
    legalBasis: [
      '《中华人民共和国大气污染防治法》第七十条：运输煤炭、垃圾、渣土、砂石、土方、灰浆等散装、流体物料的车辆应当采取密闭或者其他措施防止物料遗撒造成扬尘污染，并按照规定路线行驶。',
    ],
  },
  sample: {
    detail: {
      direction: 'outbound',
      load: 'loaded',
      cover: 'uncovered',
      spill: null,
      washSeconds: 8,
      plate: null,
      permit: null,
      findings: ['uncovered', 'unwashed'],
      site: 'donghai',
      bedFrames: 7,
    },
    geometry: {
      gateLine: [
        [0.1, 0.8],
        [0.9, 0.8],
      ],
      inside: [0.5, 0.4],
      washBox: [
        [0.3, 0.4],
        [0.7, 0.4],
        [0.7, 0.6],
        [0.3, 0.6],
      ],
      ground: [
        [0.1, 0.82],
        [0.9, 0.82],
        [0.9, 0.95],
        [0.1, 0.95],
      ],
    },
  },
  observation: Type.Object(
    { direction: Direction, load: Load, cover: Cover },
    {
      additionalProperties: false,
      description: 'One gate pass; `at` is the instant at which the truck crossed the line',
    },
  ),
  statistics: {
    passes: { title: { zh: '过闸车次', en: 'Gate passes' }, fold: 'sum', of: () => 1 },
    outbound: {
      title: { zh: '驶出车次', en: 'Outbound passes' },
      fold: 'sum',
      of: ({ direction }) => Number(direction === 'outbound'),
    },
    loadedOut: {
      title: { zh: '满载驶出', en: 'Loaded, outbound' },
      fold: 'sum',
      of: ({ direction, load }) => Number(direction === 'outbound' && load === 'loaded'),
    },
    uncoveredOut: {
      title: { zh: '未苫盖驶出', en: 'Loaded and uncovered, outbound' },
      fold: 'sum',
      of: ({ direction, load, cover }) =>
        Number(direction === 'outbound' && load === 'loaded' && cover === 'uncovered'),
    },
  },
});
