/** A checkout of Kerbwatch to be measured: how its program is started, and which configuration it understands. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import type { ZoneConfig } from '../contracts/zone.ts';
import { AppError } from '../platform/app-error.ts';
import { packageRoot } from '../platform/paths.ts';
import type { Program } from './cost/run-cost.ts';

export type BenchCamera = {
  readonly id: string;
  readonly zones: readonly ZoneConfig[];
  readonly cadence: 'keyframes' | number;
  /** Looked at; with `main` beside it, stills come from there where the checkout can. */
  readonly url: string;
  readonly main?: string;
  readonly loop?: boolean;
  readonly gate?: boolean;
};

export type BenchNode = {
  readonly folder: string;
  readonly cameras: readonly BenchCamera[];
  readonly model: string;
  readonly mqtt: string;
  readonly evidence: string;
};

export type Checkout = {
  readonly name: string;
  readonly dir: string;
  /** Where its program lies: its sources, or what was built of them. */
  readonly root: string;
  /** The model of its example configuration: what whoever follows it runs. */
  readonly defaultModel: string;
  readonly program: (args: readonly string[]) => Program;
  /** Writes an edge configuration for this checkout; gives its file. */
  readonly configure: (node: BenchNode) => string;
  /** Whether an analysed sub-stream can stand beside the main stream. */
  readonly twoStreams: boolean;
};

/** The password of the node at the bench's own broker, which asks for none. */
const SECRET = { KERBWATCH_BENCH_PASSWORD: 'bench-only' };
/** Builds that start all cameras at once take those for dead that starve meanwhile; longer patience spares them that. */
const PATIENT_STALL_SECONDS = 60;

type Schema = { readonly properties?: Readonly<Record<string, Schema>>; readonly items?: Schema };

function knowsTwoStreams(dir: string): boolean {
  const schema = JSON.parse(readFileSync(join(dir, 'configs', 'schema', 'edge.json'), 'utf8')) as Schema;
  return schema.properties?.cameras?.items?.properties?.source?.properties?.analyse !== undefined;
}

function sourceOf(camera: BenchCamera, twoStreams: boolean) {
  const { url, main, cadence, loop } = camera;
  const rest = { cadence, ...(loop ? { loop } : {}) };
  if (!twoStreams) return { url, ...rest, stallSeconds: PATIENT_STALL_SECONDS };
  return main ? { url: main, analyse: { url }, ...rest } : { url, ...rest };
}

function programOf(dir: string, root: string, fromSources: boolean): Checkout['program'] {
  const main = join(root, 'cli', `main.${fromSources ? 'ts' : 'js'}`);
  const loader = fromSources
    ? ['--import', pathToFileURL(createRequire(join(dir, 'package.json')).resolve('tsx')).href]
    : [];
  return (args) => ({
    command: process.execPath,
    args: [...loader, main, ...args],
    cwd: dir,
    env: { KERBWATCH_LOG: 'warn', ...SECRET },
  });
}

/** A checkout that can be measured. @param fromSources runs it with tsx, else what `npm run build` made in dist */
export function openCheckout(name: string, dir: string, fromSources: boolean): Checkout {
  const root = fromSources ? dir : join(dir, 'dist');
  const twoStreams = knowsTwoStreams(dir);
  const example = parse(readFileSync(join(dir, 'configs', 'edge.example.yaml'), 'utf8')) as { model: string };
  return {
    name,
    dir,
    root,
    twoStreams,
    defaultModel: example.model,
    program: programOf(dir, root, fromSources),
    configure({ folder, cameras, model, mqtt, evidence }) {
      const file = join(folder, 'edge.yaml');
      const config = {
        node: 'bench-edge',
        dataDir: join(folder, 'edge'),
        modelsDir: join(dir, 'models'),
        model,
        uplink: { mqtt, password: 'env:KERBWATCH_BENCH_PASSWORD', evidence },
        cameras: cameras.map((camera) => ({
          id: camera.id,
          kind: 'street',
          source: sourceOf(camera, twoStreams),
          zones: camera.zones,
          ...(camera.gate === false ? { gate: { enabled: false } } : {}),
        })),
      };
      // JSON is YAML; a YAML writer would make anchors of what cameras share, more than some builds read.
      writeFileSync(file, JSON.stringify(config));
      return file;
    },
  };
}

/** This checkout, in the form that the bench itself runs in. */
export const ownCheckout = (): Checkout => openCheckout('this build', packageRoot(), import.meta.url.endsWith('.ts'));

/** Another one; its built form where there is one. */
export function otherCheckout(dir: string): Checkout {
  const full = resolve(dir);
  if (!existsSync(join(full, 'cli', 'main.ts'))) {
    throw new AppError('CFG_INVALID', `--against ${full}: no checkout of Kerbwatch is there`);
  }
  return openCheckout('the other build', full, !existsSync(join(full, 'dist', 'cli', 'main.js')));
}
