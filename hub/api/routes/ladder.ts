/** `/sites/{id}/ladder` and `/sites/{id}/letters`: read by operators, added to by supervisors, never changed. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import {
  LadderStepBody,
  ResponsibilityLetter,
  ResponsibilityLetterBody,
  SiteLadder,
} from '../../../contracts/api/ladder.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import type { SiteLadders } from '../../notices/ladder.ts';
import { sessionOf } from '../access.ts';

const SiteId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
type ById = { Params: { id: string } };
const tags = ['notices'];
const MAX_LETTER = 12 * 1024 * 1024;

/** What followed a site's notices, and what it has signed. */
export function ladderRoutes(app: FastifyInstance, ladders: SiteLadders): void {
  const ladder = { params: SiteId, response: { 200: SiteLadder, default: Problem } };
  const letters = { params: SiteId, response: { 200: Type.Array(ResponsibilityLetter), default: Problem } };

  app.get<ById>(
    '/sites/:id/ladder',
    {
      config: { access: 'operator', scopes: 'site' },
      schema: { tags, summary: 'What followed the notices of a site', ...ladder },
    },
    (request) => ladders.ladder(request.params.id),
  );
  app.post<ById & { Body: LadderStepBody }>(
    '/sites/:id/ladder',
    {
      config: { access: 'supervisor', scopes: 'site', trace: { action: 'change', thing: 'site' } },
      schema: { tags, summary: 'Take the next step: bulletin, summons, credit', body: LadderStepBody, ...ladder },
    },
    (request) => ladders.take(request.params.id, request.body, sessionOf(request).user.name),
  );
  app.get<ById>(
    '/sites/:id/letters',
    {
      config: { access: 'operator', scopes: 'site' },
      schema: { tags, summary: 'Responsibility letters of a site', ...letters },
    },
    (request) => ladders.letters(request.params.id),
  );
  app.post<ById & { Body: ResponsibilityLetterBody }>(
    '/sites/:id/letters',
    {
      config: { access: 'supervisor', scopes: 'site', trace: { action: 'change', thing: 'site' } },
      bodyLimit: MAX_LETTER,
      schema: { tags, summary: 'Record a signed letter, with its file', body: ResponsibilityLetterBody, ...letters },
    },
    (request) => ladders.sign(request.params.id, request.body, sessionOf(request).user.name),
  );
}
