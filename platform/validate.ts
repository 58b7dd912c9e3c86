/** TypeBox validation with every fault at once, each with its path and a hint. */
import type { Static, TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors';
import type { Fault } from './app-error.ts';

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();

export function checkerOf<S extends TSchema>(schema: S): TypeCheck<S> {
  let check = compiled.get(schema);
  if (!check) {
    check = TypeCompiler.Compile(schema);
    compiled.set(schema, check);
  }
  return check as TypeCheck<S>;
}

/** JSON pointers read better as dotted paths: `/cameras/0/source` → `cameras[0].source`. */
export function dottedPath(pointer: string): string {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => (/^\d+$/.test(part) ? `${path}[${part}]` : path ? `${path}.${part}` : part), '');
}

const plural: Readonly<Record<string, string>> = {
  array: 'a list',
  object: 'a group of keys',
  boolean: 'true or false',
};

/** What a schema wants, in words: `tcp`, `a number from 0.1 to 30`. */
function wanted(schema: TSchema): string {
  if (schema.const !== undefined) return String(schema.const);
  if (Array.isArray(schema.anyOf)) return [...new Set((schema.anyOf as TSchema[]).map(wanted))].join(' or ');
  const type = String(schema.type ?? 'another value');
  if (type !== 'number' && type !== 'integer') return plural[type] ?? (type === 'string' ? 'a text' : type);
  const name = type === 'integer' ? 'a whole number' : 'a number';
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  if (minimum !== undefined && maximum !== undefined) return `${name} from ${minimum} to ${maximum}`;
  return minimum !== undefined ? `${name} of at least ${minimum}` : name;
}

function messageOf({ type, message, schema }: ValueError): string {
  switch (type) {
    case ValueErrorType.ObjectAdditionalProperties:
      return 'unknown key';
    case ValueErrorType.ObjectRequiredProperty:
      return 'missing';
    case ValueErrorType.Union:
    case ValueErrorType.Literal:
      return `expected ${wanted(schema)}`;
    case ValueErrorType.StringPattern: {
      const hint = typeof schema.description === 'string' ? schema.description : `a text like ${schema.pattern}`;
      return `expected ${hint}`;
    }
    default:
      return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
  }
}

export function faultsOf(schema: TSchema, value: unknown, limit = 50): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const error of checkerOf(schema).Errors(value)) {
    const path = dottedPath(error.path);
    if (seen.has(path)) continue;
    seen.add(path);
    faults.push({ path, message: messageOf(error) });
    if (faults.length >= limit) break;
  }
  return faults;
}

export function isValid<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return checkerOf(schema).Check(value);
}
