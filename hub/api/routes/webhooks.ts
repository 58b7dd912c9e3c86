/** `/webhooks`: other systems that are told when cases change, for administrators. */
import { Type } from '@sinclair/typebox';
import type { FastifyInstance } from 'fastify';
import { Problem } from '../../../contracts/api/problem.ts';
import {
  WebhookBody,
  WebhookChange,
  WebhookDelivery,
  WebhookDeliveryCommand,
  WebhookMade,
  WebhookView,
} from '../../../contracts/api/webhook.ts';
import { createWebhooks, type Webhooks } from '../../webhooks/registry.ts';
import { authorOf } from '../access.ts';
import type { ApiDeps } from '../deps.ts';

const ItemId = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) }, { additionalProperties: false });
const config = { access: 'admin' as const };
const tags = ['doors'];

function deadLetterRoutes(app: FastifyInstance, { clock }: ApiDeps, webhooks: Webhooks): void {
  app.get(
    '/webhooks/dead-letters',
    {
      config,
      schema: {
        tags,
        summary: 'Messages that are tried no more and wait for a person, the latest first',
        response: { 200: Type.Array(WebhookDelivery), default: Problem },
      },
    },
    () => webhooks.deadLetters(),
  );
  app.post<{ Params: { id: string }; Body: WebhookDeliveryCommand }>(
    '/webhooks/dead-letters/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Send a dead letter again, or give it up',
        params: ItemId,
        body: WebhookDeliveryCommand,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await webhooks.settle(request.params.id, request.body, authorOf(request, clock));
      return reply.code(204).send();
    },
  );
}

/** `/webhooks` and their dead letters. */
export function webhookRoutes(app: FastifyInstance, deps: ApiDeps): void {
  const { store, clock, webhookSeal: seal } = deps;
  const webhooks = createWebhooks({ store, seal, allowPrivate: deps.config.webhooks?.privateTargets === true });

  app.get(
    '/webhooks',
    { config, schema: { tags, summary: 'All webhooks', response: { 200: Type.Array(WebhookView), default: Problem } } },
    () => webhooks.list(),
  );
  app.post<{ Body: WebhookBody }>(
    '/webhooks',
    {
      config,
      schema: {
        tags,
        summary: 'Add a webhook; the answer alone says its secret',
        body: WebhookBody,
        response: { 201: WebhookMade, default: Problem },
      },
    },
    async (request, reply) => reply.code(201).send(await webhooks.create(request.body, authorOf(request, clock))),
  );
  app.patch<{ Params: { id: string }; Body: WebhookChange }>(
    '/webhooks/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Change a webhook, or turn it off and on',
        params: ItemId,
        body: WebhookChange,
        response: { 200: WebhookView, default: Problem },
      },
    },
    (request) => webhooks.change(request.params.id, request.body, authorOf(request, clock)),
  );
  app.delete<{ Params: { id: string } }>(
    '/webhooks/:id',
    {
      config,
      schema: {
        tags,
        summary: 'Remove a webhook with what is on its way to it',
        params: ItemId,
        response: { 204: Type.Null(), default: Problem },
      },
    },
    async (request, reply) => {
      await webhooks.remove(request.params.id, authorOf(request, clock));
      return reply.code(204).send();
    },
  );
  deadLetterRoutes(app, deps, webhooks);
}
