/** Drives the scene page in a headless Chromium whose WebGL is drawn by the CPU, so that no graphics card is needed. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { dirname, extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import type { CutoutRequest, DrawnCutout, FrameLabel, OpenedScene, SceneSpec } from './types.ts';

const here = dirname(fileURLToPath(import.meta.url));
const three = dirname(dirname(createRequire(import.meta.url).resolve('three')));
const types: Record<string, string> = { '.js': 'text/javascript', '.html': 'text/html' };

const flags = ['--use-gl=angle', '--ignore-gpu-blocklist', '--no-sandbox', '--disable-dev-shm-usage'];
/** Mesa's llvmpipe draws a new scene in two thirds of SwiftShader's time; where Mesa is missing, SwiftShader is there. */
const renderers = [
  { args: ['--use-angle=gl-egl', '--disable-gpu-sandbox'], env: { LIBGL_ALWAYS_SOFTWARE: '1' } },
  { args: ['--use-angle=swiftshader', '--enable-unsafe-swiftshader'], env: {} },
];

/** `layers`: for things with alpha instead of whole pictures. */
interface DrawingSize {
  width: number;
  height: number;
  layers?: boolean;
}

interface PageApi {
  start(size: DrawingSize): void;
  open(spec: SceneSpec): OpenedScene;
  frame(t: number, quality: number, view?: number): { jpeg: string; objects: FrameLabel[] };
  layers(t: number, size: readonly [number, number]): { taken: [string, string]; objects: FrameLabel[] };
  cutouts(wanted: CutoutRequest): DrawnCutout[];
}

interface ScenesGlobal {
  kerbScenes: PageApi;
}

export interface SceneBrowser {
  open(spec: SceneSpec): Promise<OpenedScene>;
  /** `view`: a seed to arrange a still scene's actors and camera anew. */
  frame(t: number, quality?: number, view?: number): Promise<{ jpeg: Buffer; objects: FrameLabel[] }>;
  /** RGBA, straight alpha, of what stands before a real camera and of its shadows, at a size in pixels; needs `layers`. */
  layers(
    t: number,
    size: readonly [number, number],
  ): Promise<{ things: Buffer; shadows: Buffer; objects: FrameLabel[] }>;
  /** Cut-outs of one thing from several places. */
  cutouts(wanted: CutoutRequest): Promise<DrawnCutout[]>;
  close(): Promise<void>;
}

/** Serves the page's own files and three.js from node_modules; nothing else is reachable. */
async function serve(): Promise<Server> {
  const server = createServer(async (request, response) => {
    const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
    const file = path.startsWith('/three/') ? join(three, path.slice(7)) : join(here, path);
    const inside = path.startsWith('/three/') || path.startsWith('/page/');
    const found = inside && !path.includes('..') && (await stat(file).catch(() => null))?.isFile();
    if (!found) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream' });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

async function hasWebGl(page: Page): Promise<boolean> {
  return page.evaluate("document.createElement('canvas').getContext('webgl2') !== null");
}

/** The first browser whose WebGL works, in the order of their speed. */
async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  for (const { args, env } of renderers) {
    const browser = await chromium
      .launch({ executablePath, args: [...flags, ...args], env: { ...process.env, ...env } as Record<string, string> })
      .catch((cause: unknown) => {
        throw new Error('Scenes need Chromium: install it or set CHROMIUM to its path', { cause });
      });
    const page = await browser.newPage();
    if (await hasWebGl(page)) {
      await page.close();
      return browser;
    }
    await browser.close();
  }
  throw new Error('Chromium draws no WebGL here: install Mesa (libegl1 and libgl1-mesa-dri)');
}

async function openPage(browser: Browser, server: Server, size: DrawingSize): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: size.width, height: size.height } });
  page.on('pageerror', (error) => process.stderr.write(`scene page: ${error.message}\n`));
  const { port } = server.address() as AddressInfo;
  await page.goto(`http://127.0.0.1:${port}/page/index.html`);
  await page.waitForFunction(() => 'kerbScenes' in globalThis);
  await page.evaluate((s) => (globalThis as unknown as ScenesGlobal).kerbScenes.start(s), size);
  return page;
}

/** A browser with the scene page at a size in pixels. @throws where Chromium does not start */
export async function launchScenes(size: DrawingSize): Promise<SceneBrowser> {
  const server = await serve();
  const browser = await launchBrowser().catch((error: unknown) => {
    server.close();
    throw error;
  });
  const page = await openPage(browser, server, size);
  return {
    open: (spec) => page.evaluate((s) => (globalThis as unknown as ScenesGlobal).kerbScenes.open(s), spec),
    frame: async (t, quality = 0.92, view) => {
      const drawn = await page.evaluate(
        ([at, q, v]) => (globalThis as unknown as ScenesGlobal).kerbScenes.frame(at, q, v),
        [t, quality, view] as const,
      );
      return { jpeg: Buffer.from(drawn.jpeg, 'base64'), objects: drawn.objects };
    },
    layers: async (t, wanted) => {
      const { taken, objects } = await page.evaluate(
        ([at, pixels]) => (globalThis as unknown as ScenesGlobal).kerbScenes.layers(at, pixels),
        [t, wanted] as const,
      );
      return { things: Buffer.from(taken[0], 'base64'), shadows: Buffer.from(taken[1], 'base64'), objects };
    },
    cutouts: (wanted) => page.evaluate((w) => (globalThis as unknown as ScenesGlobal).kerbScenes.cutouts(w), wanted),
    close: async () => {
      await browser.close();
      server.close();
    },
  };
}
