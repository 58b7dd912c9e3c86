/** Every error leaves as RFC 9457 problem details with a code of the catalogue; never a stack. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Problem } from '../../contracts/api/problem.ts';
import { type ErrorCode, errors } from '../../contracts/errors.ts';
import { AppError } from '../../platform/app-error.ts';
import { isDatabaseAway, isDiskFull } from '../storage/faults.ts';

/** RFC 9457 problem details of an error. @param instance id of the request */
export function problemOf(error: AppError, instance: string): Problem {
  const entry = errors[error.code];
  return {
    type: `urn:kerbwatch:error:${error.code}`,
    title: entry.message,
    titleZh: entry.messageZh,
    status: entry.status ?? 500,
    code: error.code,
    detail: error.message,
    instance,
    ...(error.faults.length > 0 ? { errors: error.faults.map((fault) => ({ ...fault })) } : {}),
  };
}

/** Fastify's own refusals in the words of our catalogue. */
function codeOf(error: FastifyError): ErrorCode {
  if (error.statusCode === 413) return 'API_TOO_LARGE';
  if (error.statusCode === 429) return 'API_RATE';
  if (error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500) return 'API_VALIDATION';
  return 'API_INTERNAL';
}

/** The validator's faults arrive wrapped by fastify. */
export function toAppError(error: unknown): AppError {
  if (error instanceof AppError) return error;
  if (isDiskFull(error)) return new AppError('API_STORAGE_FULL', 'no room left', { cause: error });
  if (isDatabaseAway(error)) return new AppError('API_UNAVAILABLE', 'the database does not answer', { cause: error });
  const fastifyError = error as FastifyError;
  const code = codeOf(fastifyError);
  return new AppError(code, code === 'API_INTERNAL' ? 'see the log' : fastifyError.message, { cause: error });
}

/** What is not made yet is no fault of the hub's. */
export function logFault(error: unknown, code: ErrorCode, request: FastifyRequest): void {
  const status = errors[code].status ?? 500;
  if (status >= 500 && status !== 501) request.log.error({ err: error, code }, 'request failed');
}

/** Fastify's error handler: answers in problem details, and logs what is our fault. */
export function sendProblem(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toAppError(error);
  const problem = problemOf(known, request.id);
  logFault(error, known.code, request);
  if (problem.status === 401 && request.routeOptions.config.access === 'node')
    reply.header('www-authenticate', 'Basic realm="kerbwatch node"');
  void reply.code(problem.status).type('application/problem+json').send(JSON.stringify(problem));
}
