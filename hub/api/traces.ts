/** What routes leave in the audit log by their declaration, and what they ask a second person for. */
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApprovalAction } from '../../contracts/api/approval.ts';
import type { AuditAction, AuditThing } from '../../contracts/api/audit.ts';
import { AppError } from '../../platform/app-error.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Approvals } from '../approvals.ts';
import type { AuditQueue } from '../audit-queue.ts';
import { authorOf } from './access.ts';
import { parameterOf } from './confinement.ts';

export type Trace = {
  readonly action: AuditAction;
  readonly thing: AuditThing;
  /** Left out: every answer without an error. */
  readonly when?: (request: FastifyRequest) => boolean;
  /** What the address does not say; never what is secret or personal beyond names. */
  readonly data?: (request: FastifyRequest) => Readonly<Record<string, unknown>>;
  /** Where the address names no thing; `*` if left out. */
  readonly id?: (request: FastifyRequest) => string;
};

declare module 'fastify' {
  interface FastifyContextConfig {
    /** An answer without an error leaves this line, written behind it. Changes of the registry write their own. */
    trace?: Trace;
    /** Needs the approval of a second person where the configuration says so. */
    approval?: { readonly action: ApprovalAction; readonly thing: AuditThing };
  }
}

/** The thing that an address names; `*` where it names none. */
function namedIn(request: FastifyRequest, thing: string): string {
  return (request.params as Record<string, string>)[parameterOf(thing)] ?? '*';
}

/** Behind `guardScopes`: nobody asks a second person for what is out of reach. */
export function guardTraces(
  app: FastifyInstance,
  { clock, auditQueue, approvals }: { clock: Clock; auditQueue: AuditQueue; approvals: Approvals },
): void {
  app.addHook('preHandler', async (request) => {
    const { approval } = request.routeOptions.config;
    if (!approval || !approvals.needed.includes(approval.action)) return;
    // Asking what there is must not use it up.
    if (request.method === 'HEAD') throw new AppError('API_APPROVAL', 'HEAD');
    const target = namedIn(request, approval.thing);
    await approvals.use(approval.action, approval.thing, target, authorOf(request, clock));
  });
  app.addHook('onResponse', async (request, reply) => {
    const { trace } = request.routeOptions.config;
    if (!trace || !request.session || reply.statusCode >= 400) return;
    if (trace.when && !trace.when(request)) return;
    const { action, thing } = trace;
    const id = trace.id?.(request) ?? namedIn(request, thing);
    const data = trace.data?.(request);
    auditQueue.add(authorOf(request, clock), { action, thing, id, ...(data ? { data } : {}) });
  });
}
