/** Which fields of a registered thing a change wrote, as the audit log tells it. Pure. */
import type { FieldChange } from '../../contracts/api/audit.ts';
import { canonicalJson } from '../../platform/canonical.ts';

/** Secret, personal beyond a name, or too long to be read: that they changed is told, and nothing else. */
const HIDDEN: ReadonlySet<string> = new Set([
  ...['password', 'phone', 'email', 'plates', 'managers', 'publicKey', 'zones'],
]);
const MAX_TEXT = 120;

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `{ manager: { name } }` as `manager.name`. */
function fieldsOf(value: Readonly<Record<string, unknown>>, prefix = ''): [string, unknown][] {
  return Object.entries(value).flatMap(([key, one]): [string, unknown][] => {
    if (one === undefined || one === null) return [];
    return isPlain(one) ? fieldsOf(one, `${prefix}${key}.`) : [[`${prefix}${key}`, one]];
  });
}

function asText(value: unknown): string {
  const text = typeof value === 'string' ? value : canonicalJson(value);
  const signs = [...text];
  return signs.length > MAX_TEXT ? `${signs.slice(0, MAX_TEXT - 1).join('')}…` : text;
}

/**
 * Fields that differ, by name. @param before null for what is new
 * @example changedFields({ id: 'a', phone: '1' }, { id: 'a', phone: '2' }) // [{ field: 'phone', hidden: true }]
 */
export function changedFields(
  before: Readonly<Record<string, unknown>> | null,
  after: Readonly<Record<string, unknown>>,
): FieldChange[] {
  const old = new Map(fieldsOf(before ?? {}));
  const now = new Map(fieldsOf(after));
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((field): FieldChange[] => {
    const [from, to] = [old.get(field), now.get(field)];
    if (from !== undefined && to !== undefined && canonicalJson(from) === canonicalJson(to)) return [];
    if (field.split('.').some((part) => HIDDEN.has(part))) return [{ field, hidden: true }];
    return [
      {
        field,
        ...(from === undefined ? {} : { from: asText(from) }),
        ...(to === undefined ? {} : { to: asText(to) }),
      },
    ];
  });
}
