/** Requests are checked by the same compiled TypeBox schemas as everything else; nothing is removed in silence. */
import { Kind, type TSchema } from '@sinclair/typebox';
import { Value } from '@sinclair/typebox/value';
import type { FastifySchemaCompiler } from 'fastify';
import { AppError } from '../../platform/app-error.ts';
import { faultsOf } from '../../platform/validate.ts';

/** Query strings and paths are text: numbers and booleans in them are converted before the check. Bodies are not. */
export const validatorCompiler: FastifySchemaCompiler<TSchema> =
  ({ schema, httpPart }) =>
  (input: unknown) => {
    if (schema[Kind] === undefined) throw new TypeError('routes are described with TypeBox schemas');
    const value = httpPart === 'body' ? input : Value.Convert(schema, structuredClone(input));
    const faults = faultsOf(schema, value);
    return faults.length === 0
      ? { value }
      : { error: new AppError('API_VALIDATION', `${httpPart ?? 'request'} has ${faults.length} fault(s)`, { faults }) };
  };
