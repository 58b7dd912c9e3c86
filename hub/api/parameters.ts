/** Query and path parameters from their text, exactly: what is not written plainly is refused, never guessed. */
import type { TObject, TSchema } from '@sinclair/typebox';
import type { Fault } from '../../platform/app-error.ts';
import { faultsOf } from '../../platform/validate.ts';

const INTEGER = /^(?:0|-?[1-9]\d{0,15})$/;
const NUMBER = /^-?(?:0|[1-9]\d{0,15})(?:\.\d{1,15})?$/;

type Reading = { readonly value: unknown } | { readonly fault: string };

function readText(schema: TSchema, text: string): Reading {
  switch (schema.type) {
    case 'integer':
      return INTEGER.test(text)
        ? { value: Number(text) }
        : { fault: 'expected a whole number in plain digits, e.g. 50' };
    case 'number':
      return NUMBER.test(text) ? { value: Number(text) } : { fault: 'expected a number in plain digits, e.g. 0.5' };
    case 'boolean':
      return text === 'true' || text === 'false' ? { value: text === 'true' } : { fault: 'expected true or false' };
    default:
      return { value: text };
  }
}

function readOne(schema: TSchema, given: unknown): Reading {
  if (Array.isArray(given)) return { fault: 'given more than once' };
  if (typeof given !== 'string') return { fault: 'expected text' };
  if (given === '') return { fault: 'is empty: leave it out' };
  return readText(schema, given);
}

/** Values by the schema's types, or every fault with its parameter. */
export function readParameters(
  schema: TObject,
  given: Readonly<Record<string, unknown>>,
): { readonly value: Record<string, unknown>; readonly faults: readonly Fault[] } {
  const value: Record<string, unknown> = {};
  const unread: Fault[] = [];
  for (const [name, text] of Object.entries(given)) {
    const known = Object.hasOwn(schema.properties, name) ? schema.properties[name] : undefined;
    const reading = known ? readOne(known, text) : { value: text };
    if ('fault' in reading) unread.push({ path: name, message: reading.fault });
    // Not by assignment: a parameter may be called __proto__.
    else Object.defineProperty(value, name, { value: reading.value, enumerable: true, writable: true });
  }
  const misfits = faultsOf(schema, value).filter(({ path }) => !unread.some((fault) => fault.path === path));
  return { value, faults: [...unread, ...misfits] };
}

/** True where every `%` of an address begins a byte of well-formed UTF-8. */
export function isWellEncoded(text: string): boolean {
  if (!text.includes('%')) return true;
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
