/** The built console: files by name, and its one page for every address that is not the API's. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';
import { AppError } from '../../../platform/app-error.ts';
import { packageRoot } from '../../../platform/paths.ts';
import { sendProblem } from '../problem.ts';

const PAGE = 'index.html';

/** The built console, and its page for every address that is no file. */
export async function consoleRoutes(app: FastifyInstance): Promise<void> {
  const root = join(packageRoot(), 'dist', 'console');
  const built = existsSync(join(root, PAGE));
  const config = { access: 'public' as const };
  const schema = { hide: true };
  if (built) {
    await app.register(fastifyStatic, { root, serve: false, preCompressed: true });
    app.get('/', { config, schema }, (_request, reply) => reply.sendFile(PAGE, { maxAge: 0 }));
    // The build names these by their content.
    app.get<{ Params: { '*': string } }>('/assets/*', { config, schema }, (request, reply) =>
      reply.sendFile(`assets/${request.params['*']}`, { maxAge: '365d', immutable: true }),
    );
    for (const file of readdirSync(root, { withFileTypes: true })) {
      if (file.isFile() && !file.name.startsWith(PAGE) && !/\.(br|gz)$/.test(file.name)) {
        app.get(`/${file.name}`, { config, schema }, (_request, reply) => reply.sendFile(file.name, { maxAge: '1h' }));
      }
    }
  }
  app.setNotFoundHandler((request, reply) => {
    const page =
      request.method === 'GET' &&
      !/^\/(api|open311|n|assets)\//.test(request.url) &&
      request.headers.accept?.includes('text/html');
    if (page && built) return reply.sendFile(PAGE, { maxAge: 0 });
    return sendProblem(new AppError('API_NOT_FOUND', `${request.method} ${request.url.split('?')[0]}`), request, reply);
  });
}
