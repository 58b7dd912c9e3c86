/** The built console: files by name, and its one page for every address that is not the API's. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../platform/app-error.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { sendProblem } from '../problem.ts';

export async function consoleRoutes(app: FastifyInstance): Promise<void> {
  const root = join(packageRoot(), 'dist', 'console');
  const built = existsSync(join(root, 'index.html'));
  if (built) {
    await app.register(async (files) => {
      files.addHook('onRoute', (route) => {
        route.config = { ...route.config, access: 'public' };
      });
      await files.register(fastifyStatic, {
        root,
        wildcard: false,
        index: ['index.html'],
        maxAge: '1h',
        immutable: false,
      });
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const page =
      request.method === 'GET' &&
      !/^\/(api|open311|n)\//.test(request.url) &&
      request.headers.accept?.includes('text/html');
    if (page && built) return reply.header('cache-control', 'no-cache').sendFile('index.html');
    return sendProblem(new AppError('API_NOT_FOUND', `${request.method} ${request.url.split('?')[0]}`), request, reply);
  });
}
