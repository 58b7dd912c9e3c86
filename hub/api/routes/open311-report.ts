/** The write face of Open311 GeoReport v2: reports of citizens, handed in by systems that have a key. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { Open311Receipt, Open311Report } from '../../../contracts/api/citizen-report.ts';
import { Open311Errors } from '../../../contracts/api/open311.ts';
import { AppError } from '../../../platform/app-error.ts';
import { receiveReport } from '../../intake/receive.ts';
import { keyHolderOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';
import { isWellEncoded, readParameters } from '../parameters.ts';

const BODY_LIMIT = 64 * 1024;
const CONTACT_DAYS = 90;

/** Fields of a form, exactly: one that comes twice is refused by name, a number that is none is not guessed at. */
function readReportForm(text: string): unknown {
  const given: Record<string, unknown> = {};
  const fields = new URLSearchParams(text);
  for (const name of new Set(fields.keys())) {
    const all = fields.getAll(name);
    // Forms send empty fields for what was not filled in.
    if (all.length > 1) Object.defineProperty(given, name, { value: all, enumerable: true });
    else if (all[0] !== '') Object.defineProperty(given, name, { value: all[0], enumerable: true });
  }
  const { value, faults } = readParameters(Open311Report, given);
  if (faults.length > 0) throw new AppError('API_VALIDATION', `form has ${faults.length} fault(s)`, { faults });
  return value;
}

function takeForms(app: FastifyInstance): void {
  const type = 'application/x-www-form-urlencoded';
  app.addContentTypeParser(type, { parseAs: 'string', bodyLimit: BODY_LIMIT }, async (_: unknown, body: string) => {
    if (isWellEncoded(body)) return readReportForm(body);
    const faults = [{ path: '', message: 'is not percent-encoded UTF-8' }];
    throw new AppError('API_VALIDATION', 'form has 1 fault(s)', { faults });
  });
}

/** `POST /open311/v2/requests.json`. */
export function open311ReportRoute(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, changes, caseSettings: settings, config } = deps;
  const parts = { store, clock, changes, settings, contactDays: config.intake?.contactDays ?? CONTACT_DAYS };
  takeForms(app);
  app.post<{ Body: Open311Report }>(
    '/open311/v2/requests.json',
    {
      config: { access: 'key' },
      bodyLimit: BODY_LIMIT,
      schema: {
        tags: ['open311'],
        summary: 'GeoReport v2: hand in a report, as a form or as JSON; a list of one',
        body: Open311Report,
        response: { 201: Type.Array(Open311Receipt), default: Open311Errors },
      },
    },
    async (request, reply) => reply.code(201).send([await receiveReport(parts, keyHolderOf(request), request.body)]),
  );
}
