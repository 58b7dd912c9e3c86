/** `GET /verdicts`: what operators decided, for `kerbwatch models adapt`. */
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import { VerdictQuery } from '../../../contracts/verdicts.ts';
import { readVerdicts } from '../../cases/verdicts.ts';
import { sessionOf } from '../access.ts';
import { reachOfRequest } from '../confinement.ts';
import type { ApiDeps } from '../deps.ts';

async function* linesOf(values: AsyncIterable<unknown>): AsyncGenerator<string> {
  for await (const value of values) yield `${JSON.stringify(value)}\n`;
}

/** One JSON object a line: a header, every decided case, an end. */
export function verdictRoutes(app: FastifyInstance, { store, clock }: ApiDeps): void {
  app.get<{ Querystring: VerdictQuery }>(
    '/verdicts',
    {
      config: {
        access: 'supervisor',
        scopes: true,
        trace: { action: 'export', thing: 'case', data: () => ({ verdicts: true }) },
      },
      schema: {
        tags: ['cases'],
        summary: 'Confirmed and rejected cases with the model, scores and boxes of their first report, one JSON a line',
        querystring: VerdictQuery,
        response: { default: Problem },
      },
    },
    async (request, reply) => {
      const exported = { by: sessionOf(request).user.name, at: clock.now(), reach: reachOfRequest(request) };
      const lines = linesOf(readVerdicts(store.db, request.query, exported));
      return reply
        .headers({
          'content-type': 'application/x-ndjson; charset=utf-8',
          'cache-control': 'no-store',
          'content-disposition': 'attachment; filename="verdicts.ndjson"',
        })
        .send(Readable.from(lines));
    },
  );
}
