/** `kerbwatch models` against a real HTTP server: fetching, hashes, licences, every fault at once, times. */
import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { measureModel } from '../../edge/inference/measure-model.ts';
import { verifyModel } from '../../edge/inference/verify-model.ts';
import { listModels } from '../../edge/models/list-models.ts';
import { type PullOptions, pullModel } from '../../edge/models/pull-model.ts';
import { AppError } from '../../platform/app-error.ts';
import { sha256Hex } from '../../platform/canonical.ts';
import { packageRoot } from '../../platform/paths.ts';

const own = join(packageRoot(), 'models', 'kerb-s');
const weights = readFileSync(join(own, 'model.onnx'));
const HALF = Math.floor(weights.length / 2);
const hash = sha256Hex(weights);
const ranges: (string | undefined)[] = [];
let server: Server;
let base: string;
let folder: string;

/** Half of the file, and then the line is dead. */
function breakOff(response: ServerResponse, from: number): void {
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': weights.length - from,
    ...(from > 0 ? { 'content-range': `bytes ${from}-${weights.length - 1}/${weights.length}` } : {}),
  });
  response.write(weights.subarray(from, from + HALF), () => response.destroy());
}

function serve(request: IncomingMessage, response: ServerResponse): void {
  const { range } = request.headers;
  ranges.push(range);
  const from = Number(/^bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
  const path = request.url ?? '';
  if (path.startsWith('/good/')) {
    const headers = { 'content-length': weights.length - from };
    if (from === 0) response.writeHead(200, headers);
    else
      response.writeHead(206, { ...headers, 'content-range': `bytes ${from}-${weights.length - 1}/${weights.length}` });
    response.end(weights.subarray(from));
  } else if (path.startsWith('/deaf/')) {
    // Knows no ranges.
    response.writeHead(200, { 'content-length': weights.length });
    response.end(weights);
  } else if (path.startsWith('/broken/')) {
    breakOff(response, 0);
  } else if (path.startsWith('/other/')) {
    response.end('something else altogether');
  } else {
    response.writeHead(404);
    response.end('no');
  }
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'kerbwatch-models-'));
  server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const modelsDir = () => join(folder, 'models');
const modelDir = () => join(modelsDir(), 'kerb-s');
const files = () => readdirSync(modelDir()).filter((name) => name !== 'model.yaml' && name !== 'CARD.md');

/** A folder of models with our card, changed, and no weights. */
function stock(change: (card: string) => string = (card) => card): void {
  rmSync(modelsDir(), { recursive: true, force: true });
  cpSync(own, modelDir(), { recursive: true });
  for (const file of ['model.onnx', 'weights.npz']) rmSync(join(modelDir(), file), { force: true });
  const card = join(modelDir(), 'model.yaml');
  writeFileSync(card, change(readFileSync(card, 'utf8')));
}
const unhashed = (card: string) => card.replace(/^sha256: .*\n/m, '');

type Outcome = { readonly code: number; readonly out: string; readonly err: string };
function models(...args: readonly string[]): Promise<Outcome> {
  const program = join(packageRoot(), 'cli', 'main.ts');
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', program, 'models', ...args, '--models', modelsDir()],
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err });
      },
    );
  });
}

/** Pulls our model; the fault's code and line, or fine. */
async function pull(options: PullOptions): Promise<{ readonly code: string; readonly line: string }> {
  const [model] = await listModels(modelsDir());
  if (!model || 'fault' in model) throw new Error('no sound model in the folder');
  try {
    await pullModel(model, options);
    return { code: 'fine', line: '' };
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return { code: error.code, line: error.message };
  }
}

describe('pull from an address', () => {
  beforeEach(() => {
    ranges.length = 0;
    stock();
  });

  it('fetches, says how far it is, and leaves the file and nothing else', async () => {
    const { code, out, err } = await models('pull', 'kerb-s', '--from', `${base}/good/`, '--json');
    expect({ code, rows: JSON.parse(out) }).toEqual({
      code: 0,
      rows: [{ name: 'kerb-s', licence: 'Apache-2.0', file: join(modelDir(), 'model.onnx') }],
    });
    expect(err).toMatch(/kerb-s: [\d.]+ of [\d.]+ MB/);
    expect(files()).toEqual(['model.onnx']);
    expect((await verifyModel(modelDir())).faults).toEqual([]);
  });

  it('404 is said in one line with the address, and nothing is left', async () => {
    const { code, err } = await models('pull', 'kerb-s', '--from', `${base}/nothing`);
    expect(code).toBe(1);
    expect(err.split('\n')[0]).toBe(
      `kerbwatch: EDGE_MODEL_FETCH model could not be fetched: ${base}/nothing/model.onnx: HTTP 404`,
    );
    expect(files()).toEqual([]);
  });

  it('a connection that breaks is gone on with from where it broke', async () => {
    const first = await pull({ from: `${base}/broken/model.onnx` });
    expect(first.code).toBe('EDGE_MODEL_FETCH');
    expect(first.line).toContain(`of ${weights.length} bytes are kept`);
    expect(files()).toEqual([expect.stringMatching(/\.part$/)]);
    expect(await pull({ from: `${base}/good` })).toMatchObject({ code: 'fine' });
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readFileSync(join(modelDir(), 'model.onnx')).equals(weights)).toBe(true);
    expect(files()).toEqual(['model.onnx']);
  });

  it('a server that knows no ranges sends it whole', async () => {
    await pull({ from: `${base}/broken` });
    expect(await pull({ from: `${base}/deaf` })).toMatchObject({ code: 'fine' });
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
    expect(readFileSync(join(modelDir(), 'model.onnx')).equals(weights)).toBe(true);
  });

  it('what has another hash does not come in', async () => {
    const { code, line } = await pull({ from: `${base}/other` });
    expect(code).toBe('EDGE_MODEL_HASH');
    expect(line).toMatch(/kerb-s must be [0-9a-f]{12}…/);
    expect(files()).toEqual([]);
  });

  it('nobody there', async () => {
    const { code, line } = await pull({ from: 'http://127.0.0.1:1/' });
    expect([code, line]).toEqual(['EDGE_MODEL_FETCH', expect.stringContaining('127.0.0.1:1/model.onnx: ')]);
  });

  it('a single file and a folder do as well', async () => {
    const file = join(folder, 'somewhere.onnx');
    writeFileSync(file, weights);
    expect(await pull({ from: file })).toMatchObject({ code: 'fine' });
    writeFileSync(file, 'something else');
    expect(await pull({ from: file })).toMatchObject({ code: 'EDGE_MODEL_HASH' });
  });

  it('without an address on the card it must be said where from', async () => {
    const { code, line } = await pull({});
    expect([code, line]).toEqual(['EDGE_MODEL_FETCH', expect.stringContaining('names no address')]);
  });
});

it('a card without a hash is fetched against the one given, which is kept and held to from then on', async () => {
  stock(unhashed);
  const from = `${base}/good`;
  expect((await pull({ from })).line).toContain('--sha256');
  expect((await pull({ from, sha256: 'abc' })).code).toBe('EDGE_MODEL_HASH');
  expect((await pull({ from, sha256: '0'.repeat(64) })).code).toBe('EDGE_MODEL_HASH');
  expect(files()).toEqual([]);
  expect((await pull({ from, sha256: hash.toUpperCase() })).code).toBe('fine');
  expect(files().sort()).toEqual(['model.onnx', 'model.onnx.sha256']);
  expect(await verifyModel(modelDir())).toMatchObject({ sha256: hash, faults: [] });
  writeFileSync(join(modelDir(), 'model.onnx'), 'changed');
  const { faults } = await verifyModel(modelDir());
  expect(faults[0]?.message).toContain(`the card says ${hash.slice(0, 12)}…`);
  // A card that names its hash is not talked out of it.
  stock();
  expect((await pull({ from, sha256: '0'.repeat(64) })).code).toBe('EDGE_MODEL_HASH');
});

it.each(['AGPL-3.0-only', 'GPL-3.0-or-later', 'CC-BY-NC-4.0', 'PML-1.0'])('%s only when asked for', async (licence) => {
  stock((card) => card.replace(/licence: .*/, `licence: ${licence}`));
  const refused = await pull({ from: own });
  expect([refused.code, existsSync(join(modelDir(), 'model.onnx'))]).toEqual(['EDGE_MODEL_CARD', false]);
  expect(refused.line).toContain(`--accept-licence ${licence}`);
  expect((await pull({ from: own, acceptLicences: [licence] })).code).toBe('fine');
  expect((await verifyModel(modelDir())).faults.map((fault) => fault.path)).toEqual(['licence']);
  expect((await verifyModel(modelDir(), { acceptLicences: [licence] })).faults).toEqual([]);
});

describe('verify', () => {
  it('says every fault of every model at once', async () => {
    stock((card) =>
      card
        .replace(/licence: .*/, 'licence: AGPL-3.0-only')
        .replace(/sha256: .*/, `sha256: ${'0'.repeat(64)}`)
        .replace('width: 416', 'width: 640')
        .replace('scores: scores', 'scores: logits'),
    );
    cpSync(join(own, 'model.onnx'), join(modelDir(), 'model.onnx'));
    const torn = join(modelsDir(), 'torn');
    cpSync(own, torn, { recursive: true });
    writeFileSync(join(torn, 'model.yaml'), 'name: torn\nfamily: kerb\ncolour: red\n');
    const { code, out } = await models('verify', '--json');
    expect(code).toBe(1);
    const rows = JSON.parse(out) as { name: string; state: string; faults: { path: string }[] }[];
    expect(rows.map(({ name, state }) => [name, state])).toEqual([
      ['kerb-s', 'bad'],
      ['torn', 'bad'],
    ]);
    expect(rows[0]?.faults.map((fault) => fault.path)).toEqual(['licence', 'sha256', 'input', 'outputs.scores']);
    const paths = rows[1]?.faults.map((fault) => fault.path);
    expect(paths).toEqual(expect.arrayContaining(['colour', 'file', 'input', 'labels', 'version']));
  });

  it('says of a file that is no model what the hash and the runtime say', async () => {
    stock();
    writeFileSync(join(modelDir(), 'model.onnx'), 'no model');
    const { faults } = await verifyModel(modelDir());
    expect(faults.map((fault) => fault.path)).toEqual(['sha256', 'file']);
    for (const { message } of faults) expect(message).not.toContain('\n');
  });
});

it('bench times frames with one and two threads, and JavaScript’s part apart', async () => {
  const rows = await measureModel(own, { threads: [1, 2], frames: 12 });
  expect(rows.map((row) => row.threads)).toEqual([1, 2]);
  for (const { frameMs, preprocessMs, decodeMs } of rows) {
    for (const times of [frameMs, preprocessMs, decodeMs]) {
      expect(times.min).toBeLessThanOrEqual(times.median);
      expect(times.median).toBeLessThanOrEqual(times.p95);
    }
    expect(preprocessMs.min + decodeMs.min).toBeLessThan(frameMs.min);
    expect(frameMs.min).toBeGreaterThan(0.5);
  }
});
