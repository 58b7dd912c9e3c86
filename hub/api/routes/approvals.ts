/** `/approvals`: what waits for a second person. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { ApprovalBody, ApprovalCommand, ApprovalView } from '../../../contracts/api/approval.ts';
import { Problem } from '../../../contracts/api/problem.ts';
import { actorOf, authorOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const ApprovalId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const tags = ['approvals'];
/** Requests are confined by whom they are from and what they are about. */
const config = { access: 'supervisor', scopes: true } as const;

/** List, ask, approve, refuse. */
export function approvalRoutes(app: FastifyInstance, { clock, approvals }: ApiDeps): void {
  app.get(
    '/approvals',
    {
      config,
      schema: {
        tags,
        summary: 'What was asked of a second person, the latest first',
        response: { 200: Type.Array(ApprovalView), default: Problem },
      },
    },
    (request) => approvals.list(actorOf(request), clock.now()),
  );
  app.post<{ Body: ApprovalBody }>(
    '/approvals',
    {
      config,
      schema: {
        tags,
        summary: 'Ask a second person; the same request again gives the one that is open',
        body: ApprovalBody,
        response: { 200: ApprovalView, default: Problem },
      },
    },
    (request) => approvals.request(request.body, actorOf(request), authorOf(request, clock)),
  );
  app.post<{ Params: { id: string }; Body: ApprovalCommand }>(
    '/approvals/:id/commands',
    {
      config,
      schema: {
        tags,
        summary: 'Approve or refuse what another person has asked for',
        params: ApprovalId,
        body: ApprovalCommand,
        response: { 200: ApprovalView, default: Problem },
      },
    },
    (request) => approvals.decide(request.params.id, request.body.command, actorOf(request), authorOf(request, clock)),
  );
}
