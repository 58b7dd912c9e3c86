/** Errors of the HTTP API: RFC 9457 problem details with a code of the catalogue. */
import { type Static, Type } from '@sinclair/typebox';

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'URI of the code in the documentation' }),
    title: Type.String(),
    titleZh: Type.String(),
    status: Type.Integer(),
    code: Type.String({ description: 'Code of the catalogue, docs/errors.md' }),
    detail: Type.Optional(Type.String()),
    instance: Type.Optional(Type.String({ description: 'Request id, as in the log' })),
    errors: Type.Optional(
      Type.Array(
        Type.Object(
          { path: Type.String(), message: Type.String(), messageZh: Type.Optional(Type.String()) },
          { additionalProperties: false },
        ),
      ),
    ),
  },
  { additionalProperties: false, $id: 'Problem' },
);
export type Problem = Static<typeof Problem>;
