/** Requests are checked by the same compiled TypeBox schemas as everything else; nothing is removed or read loosely. */
import { Kind, type TObject, type TSchema, Type } from '@sinclair/typebox';
import type { FastifyInstance, FastifySchemaCompiler } from 'fastify';
import { AppError, type Fault } from '../../platform/app-error.ts';
import { findInexactText, INEXACT_TEXT } from '../../platform/exact-text.ts';
import { findHiddenText } from '../../platform/hidden-text.ts';
import { faultsOf } from '../../platform/validate.ts';
import { isWellEncoded, readParameters } from './parameters.ts';

/** Text that one of the databases could not keep, or that people could not see: the same answer on every hub. */
export function textFaults(value: unknown): Fault[] {
  const inexact = findInexactText(value);
  if (inexact !== null) return [{ path: inexact, message: INEXACT_TEXT }];
  const hidden = findHiddenText(value);
  return hidden === null ? [] : [{ path: hidden, message: 'holds a control character or one that turns text around' }];
}

function read(schema: TSchema, input: unknown, isBody: boolean): { value: unknown; faults: readonly Fault[] } {
  if (isBody) return { value: input, faults: faultsOf(schema, input) };
  return readParameters(schema as TObject, (input ?? {}) as Record<string, unknown>);
}

/** Query strings and paths are text and are read by their schemas' types. Bodies are taken as they are. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> =
  ({ schema, httpPart }) =>
  (input: unknown) => {
    if (schema[Kind] === undefined) throw new TypeError('routes are described with TypeBox schemas');
    const { value, faults } = read(schema, input, httpPart === 'body');
    const all = faults.length > 0 ? faults : textFaults(value);
    return all.length === 0
      ? { value }
      : {
          error: new AppError('API_VALIDATION', `${httpPart ?? 'request'} has ${all.length} fault(s)`, { faults: all }),
        };
  };

const NoParameters = Type.Object({}, { additionalProperties: false });
/** Programs talk to these; people's pages take whatever a messenger hangs onto a link. */
const isStrict = (url: string) => url.startsWith('/api/') || url.startsWith('/open311/');

/** A route that names no query parameters takes none, and an address that is no UTF-8 is not guessed at. */
export function refuseLooseQueries(app: FastifyInstance): void {
  app.addHook('onRoute', (route) => {
    if (!isStrict(route.url)) return;
    route.schema = { ...route.schema, querystring: route.schema?.querystring ?? NoParameters };
  });
  app.addHook('preValidation', async (request) => {
    const { url = '' } = request.raw;
    if (!isStrict(url) || isWellEncoded(url.slice(url.indexOf('?') + 1))) return;
    const faults = [{ path: 'query', message: 'is not percent-encoded UTF-8' }];
    throw new AppError('API_VALIDATION', 'query has 1 fault(s)', { faults });
  });
}

/** JSON in bytes that are no UTF-8 would be read with their letters replaced. */
export function refuseInexactBodies(app: FastifyInstance): void {
  const parseJson = app.getDefaultJsonParser('error', 'error');
  app.removeContentTypeParser('application/json');
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    let text: string;
    try {
      text = new TextDecoder('utf-8', { fatal: true }).decode(body as Buffer);
    } catch (cause) {
      const faults = [{ path: '', message: 'is not UTF-8' }];
      done(new AppError('API_VALIDATION', 'body has 1 fault(s)', { faults, cause }));
      return;
    }
    // It answers through `done`.
    void parseJson(request, text, done);
  });
}
