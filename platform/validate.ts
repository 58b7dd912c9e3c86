/** TypeBox validation with every fault at once, each with its path and a hint. */
import type { Static, TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { ValueErrorType } from '@sinclair/typebox/errors';
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

export function faultsOf(schema: TSchema, value: unknown, limit = 50): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const error of checkerOf(schema).Errors(value)) {
    const path = dottedPath(error.path);
    if (seen.has(path)) continue;
    seen.add(path);
    const { description } = error.schema;
    const message =
      error.type === ValueErrorType.StringPattern && description !== undefined
        ? // A pattern is for machines; people are told what it stands for.
          `expected: ${description}`
        : error.type === ValueErrorType.ObjectAdditionalProperties
          ? 'unknown key'
          : error.type === ValueErrorType.ObjectRequiredProperty
            ? 'missing'
            : `${error.message.charAt(0).toLowerCase()}${error.message.slice(1)}`;
    faults.push({ path, message });
    if (faults.length >= limit) break;
  }
  return faults;
}

export function isValid<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return checkerOf(schema).Check(value);
}
