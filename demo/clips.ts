/** The shipped clips with their truth, and the edge configuration that watches them as if they were cameras. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bilingual } from '../contracts/text.ts';
import { violations } from '../contracts/violations/index.ts';
import type { EdgeConfig } from '../edge/config.ts';
import { parseTruth, type Truth } from '../evaluation/truth/truth.ts';
import { packageRoot } from '../platform/paths.ts';

export type DemoClip = { readonly file: string; readonly truth: Truth };

export const DEMO_NODE = 'demo-edge-01';
export const DEMO_SITE = 'demo-site-07';
/** The node's password lives in the environment of this process only, made anew at each start. */
export const DEMO_PASSWORD_VARIABLE = 'KERBWATCH_DEMO_NODE_PASSWORD';

/** Kerb corners in Quanzhou's Fengze district, so that the cases lie somewhere on a map. */
const PLACES = [
  { lon: 118.6053, lat: 24.8912 },
  { lon: 118.6117, lat: 24.9006 },
  { lon: 118.5892, lat: 24.9078 },
  { lon: 118.5966, lat: 24.8985 },
] as const;

/** The clips of a folder with their truth, by name. @throws EVAL_TRUTH */
export function loadClips(folder = join(packageRoot(), 'test-media', 'clips')): DemoClip[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith('.truth.json'))
    .sort()
    .map((name) => {
      const truth = parseTruth(JSON.parse(readFileSync(join(folder, name), 'utf8')), join(folder, name));
      return { file: join(folder, truth.clip), truth };
    });
}

type DemoEdge = {
  readonly dataDir: string;
  readonly mqtt: string;
  readonly hub: string;
  /** true: at the clips' own pace, again and again; false: once, as fast as possible. */
  readonly live: boolean;
};

/** Zones as people call them; a clip's truth knows ids alone. */
const zoneNames: Readonly<Record<string, Bilingual>> = {
  'bike-apron': { zh: '门前空地', en: 'Forecourt' },
  'gate-east': { zh: '东门', en: 'East gate' },
  'sidewalk-north': { zh: '北侧人行道', en: 'North pavement' },
};

/** One camera a clip, with the zones of its truth and the shipped model. */
export function demoEdgeConfig(clips: readonly DemoClip[], options: DemoEdge): EdgeConfig {
  return {
    node: DEMO_NODE,
    dataDir: options.dataDir,
    modelsDir: join(packageRoot(), 'models'),
    model: 'kerb-s',
    uplink: { mqtt: options.mqtt, password: `env:${DEMO_PASSWORD_VARIABLE}`, evidence: options.hub },
    cameras: clips.map(({ file, truth }, i) => ({
      id: truth.camera.id,
      name: { zh: `演示机位 ${i + 1}`, en: `Demo camera ${i + 1}` },
      kind: truth.camera.kind,
      location: PLACES[i % PLACES.length] ?? PLACES[0],
      source: { url: file, cadence: Math.min(5, truth.fps), loop: options.live },
      zones: truth.camera.zones.map((zone) => ({
        ...zone,
        ...(zoneNames[zone.id] ? { name: zoneNames[zone.id] } : {}),
        ...('site' in violations[zone.kind].geometry.properties ? { site: DEMO_SITE } : {}),
      })),
    })),
  };
}
