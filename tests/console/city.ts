/** A small city for the console's tests: sites, cameras with zones, and what their node tells of each case. */
import type { CameraBody, SiteBody } from '../../contracts/api/registry.ts';
import type { EvidenceRole } from '../../contracts/evidence.ts';
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Detail, ViolationKind } from '../../contracts/violations/index.ts';
import type { Scene } from './scene.ts';

export const NODE = 'fz-edge-01';

export const site: SiteBody = {
  id: 'site-donghai-17',
  name: { zh: '东海湾17号地块', en: 'Donghai Bay plot 17' },
  address: '丰泽区东海街道滨海路 17 号',
  permitNumber: '建字第 350503-2026-0117 号',
  contractor: '中建海峡建设',
  manager: { name: '陈工', phone: '0595-0000000' },
};

const square: CameraBody['zones'][number]['polygon'] = [
  [0.2, 0.5],
  [0.8, 0.48],
  [0.86, 0.74],
  [0.14, 0.78],
];

export const cameras: CameraBody[] = [
  {
    id: 'fz-dongtu-03',
    node: NODE,
    name: { zh: '东涂街口 3 号', en: 'Dongtu Street corner 3' },
    kind: 'street',
    location: { lon: 118.61042, lat: 24.90213 },
    district: '350503',
    zones: [
      { id: 'sidewalk-north', kind: 'road-stall', name: { zh: '北侧人行道', en: 'North pavement' }, polygon: square },
    ],
  },
  {
    id: 'lc-xijie-11',
    node: NODE,
    name: { zh: '西街开元寺口', en: 'West Street by Kaiyuan Temple' },
    kind: 'heritage',
    location: { lon: 118.58311, lat: 24.91402 },
    district: '350502',
    zones: [{ id: 'apron', kind: 'bike-clutter', name: { zh: '寺前广场', en: 'Temple apron' }, polygon: square }],
  },
  {
    id: 'fz-gate-17a',
    node: NODE,
    name: { zh: '东海湾17号 A 门', en: 'Donghai plot 17, gate A' },
    kind: 'gate',
    location: { lon: 118.6612, lat: 24.86551 },
    district: '350503',
    site: site.id,
    zones: [
      {
        id: 'gate-a',
        kind: 'muck-truck',
        name: { zh: 'A 门', en: 'Gate A' },
        polygon: square,
        gateLine: [
          [0.3, 0.95],
          [0.75, 0.76],
        ],
        inside: [0.8, 0.95],
        site: site.id,
      },
    ],
  },
];

export type Finding = {
  readonly [K in ViolationKind]: {
    readonly key: string;
    readonly kind: K;
    readonly camera: string;
    readonly zone: string;
    readonly score: number;
    readonly class: string;
    readonly boxes: readonly BoxXywh[];
    readonly detail: Detail<K>;
    /** Role, scene, and seconds after the start. */
    readonly stills: readonly (readonly [EvidenceRole, Scene, number])[];
    /** Stills that the node has not sent yet. */
    readonly late?: readonly EvidenceRole[];
  };
}[ViolationKind];

export const stallFinding = (key: string, zone = 'sidewalk-north'): Finding => ({
  key,
  kind: 'road-stall',
  camera: 'fz-dongtu-03',
  zone,
  score: 0.91,
  class: 'stall',
  boxes: [[0.346, 0.4, 0.2, 0.3]],
  detail: {
    dwellSeconds: 212,
    attended: true,
    permit: null,
    ruleWindow: 'outside 18:30-22:30',
    subKind: 'road',
    unknownSeconds: 8,
  },
  stills: [
    ['before', 'empty', -40],
    ['start', 'stall', 0],
    ['during', 'shifted', 180],
  ],
});

export const bikeFinding: Finding = {
  key: 'bikes',
  kind: 'bike-clutter',
  camera: 'lc-xijie-11',
  zone: 'apron',
  score: 0.84,
  class: 'bicycle',
  boxes: [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n): BoxXywh => {
    const x = 330 + (n % 5) * 110 + (n > 4 ? 40 : 0);
    const y = n > 4 ? 500 : 450;
    return [(x - 24) / 1280, (y - 50) / 720, 110 / 1280, 76 / 720];
  }),
  detail: {
    count: 9,
    capacity: 0,
    outsideBay: 9,
    blockedShare: 0.34,
    disorder: 0.61,
    reason: 'outside-bay',
    series: [
      [0, 3],
      [60, 4],
      [120, 4],
      [180, 6],
      [240, 8],
      [300, 9],
    ],
  },
  stills: [
    ['before', 'empty', -60],
    ['threshold', 'few', 0],
    ['worst', 'bikes', 300],
  ],
};

export const truckFinding: Finding = {
  key: 'truck',
  kind: 'muck-truck',
  camera: 'fz-gate-17a',
  zone: 'gate-a',
  score: 0.88,
  class: 'truck',
  boxes: [[0.328, 0.6, 0.325, 0.29]],
  detail: {
    direction: 'outbound',
    load: 'loaded',
    cover: 'uncovered',
    spill: { areaM2: 3.4, polygon: [] },
    washSeconds: 6,
    plate: null,
    permit: null,
    findings: ['uncovered', 'spill'],
    site: site.id,
    bedFrames: 5,
  },
  stills: [
    ['ground-before', 'empty', -5],
    ['bed', 'truck', 2],
    ['ground-after', 'spill', 34],
    ['plate', 'truck', 3],
  ],
  late: ['plate'],
};
