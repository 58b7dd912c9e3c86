/** TypeBox validation with every fault at once, each with its path and a hint. */
import type { Static, TSchema } from '@sinclair/typebox';
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler';
import { type ValueError, ValueErrorType } from '@sinclair/typebox/errors';
import type { Fault } from './app-error.ts';

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>();

/** A schema compiled once, for as long as the schema lives. */
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
  if (Array.isArray(schema.examples)) return `text like ${schema.examples[0]}`;
  if (type !== 'number' && type !== 'integer') return plural[type] ?? (type === 'string' ? 'a text' : type);
  const name = type === 'integer' ? 'a whole number' : 'a number';
  const { minimum, maximum } = schema as { minimum?: number; maximum?: number };
  if (minimum !== undefined && maximum !== undefined) return `${name} from ${minimum} to ${maximum}`;
  return minimum !== undefined ? `${name} of at least ${minimum}` : name;
}

type Properties = Readonly<Record<string, TSchema>>;
const propertiesOf = (schema: TSchema) => (schema.properties ?? {}) as Properties;
const join = (path: string, inner: string) =>
  path && inner && !inner.startsWith('[') ? `${path}.${inner}` : path + inner;

/** The word by which every variant tells itself apart: a command's name, a zone's kind. */
function tagOf(variants: readonly TSchema[]): string | undefined {
  const [first] = variants;
  if (!first) return undefined;
  return Object.keys(propertiesOf(first)).find((key) =>
    variants.every((variant) => propertiesOf(variant)[key]?.const !== undefined),
  );
}

/** What is wrong with a value of which no variant is true, said of the variant that is meant. */
function unionFaults(schema: TSchema, value: unknown, path: string): Fault[] {
  const variants = (schema.anyOf ?? []) as readonly TSchema[];
  const words = (of: readonly TSchema[]) => of.map((variant) => String(variant.const)).join(', ');
  if (variants.length > 0 && variants.every((variant) => variant.const !== undefined)) {
    return [{ path, message: `expected one of ${words(variants)}` }];
  }
  const tag = tagOf(variants);
  if (tag === undefined || typeof value !== 'object' || value === null) {
    return [{ path, message: `expected ${wanted(schema)}` }];
  }
  const meant = variants.find((variant) => propertiesOf(variant)[tag]?.const === (value as Properties)[tag]);
  if (meant) return faultsOf(meant, value).map((fault) => ({ ...fault, path: join(path, fault.path) }));
  const known = variants.map((variant) => propertiesOf(variant)[tag] as TSchema);
  return [{ path: join(path, tag), message: `expected one of ${words(known)}` }];
}

/** In words: patterns are for machines, and people are told what they stand for. */
function messageOf({ type, message, schema }: ValueError): string {
  if (type === ValueErrorType.ObjectAdditionalProperties) return 'unknown key';
  if (type === ValueErrorType.ObjectRequiredProperty) return 'missing';
  if (type === ValueErrorType.Literal) return `expected ${wanted(schema)}`;
  if (type === ValueErrorType.StringPattern) return `expected: ${schema.description ?? `text like ${schema.pattern}`}`;
  return `${message.charAt(0).toLowerCase()}${message.slice(1)}`;
}

/** Faults of a value, one a path, with a hint; empty when it is valid. @param limit most faults */
export function faultsOf(schema: TSchema, value: unknown, limit = 50): Fault[] {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  for (const error of checkerOf(schema).Errors(value)) {
    const path = dottedPath(error.path);
    if (seen.has(path)) continue;
    seen.add(path);
    if (error.type === ValueErrorType.Union) faults.push(...unionFaults(error.schema, error.value, path));
    else faults.push({ path, message: messageOf(error) });
    if (faults.length >= limit) break;
  }
  return faults.slice(0, limit);
}

/** @example if (isValid(ViolationEvent, value)) value.seq */
export function isValid<S extends TSchema>(schema: S, value: unknown): value is Static<S> {
  return checkerOf(schema).Check(value);
}
