/** Fields of an entry as text of a form or a list, and back. */
import { fieldAt, withField } from '../../../../contracts/field-path.ts';
import type { Season, WeeklyWindow } from '../../../../contracts/schedule.ts';
import { readSeason, readWindows, writeSeason, writeWindows } from '../../../../contracts/windows-text.ts';
import { i18n, inLanguage } from '../i18n/index.ts';
import type { RegisterField, RegistryEntry, Room } from './rooms.ts';

/** Text of each field by its path. */
export type FormTexts = Readonly<Record<string, string>>;
export type FormFaults = Readonly<Record<string, string>>;

/** The word of a choice; a choice without a word as it came. */
export function choiceWord({ choices }: RegisterField, value: string): string {
  if (!choices) return value;
  const path = choices.group === 'role' ? `role.${value}` : `registry.choice.${choices.group}.${value}`;
  return i18n.exists(path) ? String(i18n.t(path as never)) : value;
}

function valueText(field: RegisterField, value: unknown): string {
  if (value === undefined || value === null) return '';
  if (field.kind === 'windows') return writeWindows(value as WeeklyWindow[]);
  if (field.kind === 'season') return writeSeason(value as Season);
  if (field.kind === 'plates') return (value as string[]).join('、');
  if (field.kind === 'places') return (value as string[]).join('\n');
  if (field.kind === 'switch') return value === true ? 'true' : '';
  return String(value);
}

/** A grid cell names its street and its community: 6 digits of the county, 3 of the street, 3 of the community. */
function derived(path: string, entry: RegistryEntry): string {
  const grid = typeof entry.grid === 'string' ? entry.grid : '';
  return grid.slice(0, path === 'street' ? 9 : 12);
}

/** What the form begins with. */
export function textsOf(room: Room, entry: RegistryEntry | null): FormTexts {
  return Object.fromEntries(
    room.fields.map((field) => [
      field.path,
      entry === null ? '' : field.shown ? derived(field.path, entry) : valueText(field, fieldAt(entry, field.path)),
    ]),
  );
}

/** One cell of the list. */
export function cellText(room: Room, entry: RegistryEntry, path: string): string {
  const value = fieldAt(entry, path);
  if (typeof value === 'object' && value !== null && 'zh' in value && 'en' in value)
    return inLanguage(value as { zh: string; en: string });
  const field = room.fields.find((one) => one.path === path);
  if (!field) return value === undefined ? '' : String(value);
  if (field.kind === 'switch') return i18n.t(value === true ? 'registry.disabled' : 'registry.enabled');
  const text = valueText(field, value).replaceAll('\n', '、');
  return field.choices && text !== '' ? choiceWord(field, text) : text;
}

/** A value, or the words that say what is wrong with its text. */
function read(field: RegisterField, text: string): { readonly value?: unknown; readonly fault?: string } {
  const fault = (key: 'number' | 'windows' | 'season' | 'date') => ({ fault: i18n.t(`registry.fault.${key}`) });
  switch (field.kind) {
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? { value: Number(text) } : fault('number');
    case 'date':
      return /^\d{4}-\d{2}-\d{2}$/.test(text) ? { value: text } : fault('date');
    case 'windows': {
      const value = readWindows(text);
      return value === null ? fault('windows') : { value };
    }
    case 'season': {
      const value = readSeason(text);
      return value === null ? fault('season') : { value };
    }
    case 'plates':
      return { value: text.split(/[,，、;；\s]+/).filter((one) => one !== '') };
    case 'places':
      return { value: text.split('\n') };
    case 'switch':
      return { value: text === 'true' };
    default:
      return { value: text };
  }
}

/** The entry that the form says, on top of what it does not ask for; or every fault by path. */
export function readForm(
  room: Room,
  entry: RegistryEntry | null,
  texts: FormTexts,
): { readonly body: RegistryEntry } | { readonly faults: FormFaults } {
  let body: Record<string, unknown> = { ...(entry ?? room.blank) };
  const faults: Record<string, string> = {};
  for (const field of room.fields) {
    if (field.shown) continue;
    const text = (texts[field.path] ?? '').trim();
    if (text === '') {
      if (field.required) faults[field.path] = i18n.t('registry.fault.required');
      body = withField(body, field.path, undefined);
      continue;
    }
    const { value, fault } = read(field, text);
    if (fault === undefined) body = withField(body, field.path, value);
    else faults[field.path] = fault;
  }
  if (Object.keys(faults).length > 0) return { faults };
  for (const [key, value] of Object.entries(room.blank)) if (body[key] === undefined) body[key] = value;
  return { body };
}
