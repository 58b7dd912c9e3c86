/** docs/configuration.md and docs/errors.md: tables made from the schemas and the catalogue. */
import type { TSchema } from '@sinclair/typebox';
import { errors } from '../../contracts/errors.ts';
import { violationKinds } from '../../contracts/violations/index.ts';
import { zoneSchemas } from '../../contracts/zone.ts';
import { EdgeConfig } from '../../edge/config.ts';
import { HubConfig } from '../../hub/config.ts';

type Schema = {
  readonly type?: string;
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema | readonly Schema[];
  readonly default?: unknown;
  readonly description?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly pattern?: string;
};

const HEAD = '<!-- Made by `npm run generate`; do not edit. -->\n';
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (value: unknown) => `\`${typeof value === 'string' ? value : JSON.stringify(value)}\``;
const isZones = (path: string) => path.endsWith('zones[]');

function typeOf(schema: Schema): string {
  if (schema.const !== undefined) return code(schema.const);
  if (schema.anyOf) return [...new Set(schema.anyOf.map(typeOf))].join(' or ');
  if (schema.type === 'array') {
    const { items } = schema;
    return Array.isArray(items) ? `[${items.map(typeOf).join(', ')}]` : `list of ${typeOf((items ?? {}) as Schema)}`;
  }
  return schema.type ?? 'any';
}

function range(least: number | undefined, most: number | undefined, unit = ''): string {
  if (least === undefined && most === undefined) return '';
  if (most === undefined) return `≥ ${least}${unit}`;
  return least === undefined ? `≤ ${most}${unit}` : `${least} – ${most}${unit}`;
}

function boundsOf(schema: Schema): string {
  const own = [
    range(schema.minimum, schema.maximum),
    range(schema.minLength, schema.maxLength, ' characters'),
    range(schema.minItems, schema.maxItems, ' items'),
    schema.pattern ? code(schema.pattern) : '',
  ];
  return [...own, ...(schema.anyOf ?? []).map(boundsOf)].filter(Boolean).join('; ');
}

function rowsOf(schema: Schema, path: string): string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([key, value]) => {
    const own = path ? `${path}.${key}` : key;
    const needed = schema.required?.includes(key) && value.default === undefined;
    const fallback = value.default !== undefined ? code(value.default) : needed ? '**needed**' : '–';
    const cells = [code(own), typeOf(value), fallback, boundsOf(value), value.description ?? ''];
    const items = Array.isArray(value.items) ? undefined : (value.items as Schema | undefined);
    const inner = items ? rowsOf(items, `${own}[]`) : rowsOf(value, own);
    // Zones are a table of their own for each kind of violation.
    return [`| ${cells.map(cell).join(' | ')} |`, ...(items && isZones(`${own}[]`) ? [] : inner)];
  });
}

function table(schema: TSchema): string {
  const rows = rowsOf(schema as Schema, '');
  return `| Key | Type | Default | Bounds | What it is |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
}

/** docs/configuration.md. */
export function configurationPage(): string {
  const zones = violationKinds.map((kind) => `### Zones of \`${kind}\`\n\n${table(zoneSchemas[kind])}`);
  return [
    HEAD,
    '# Configuration\n',
    'Both programs read one YAML file, refuse unknown keys and name every fault at once (`kerbwatch check --config F`). `[]` marks the entries of a list. Secrets are references, `file:PATH` or `env:NAME`, never the secret itself.\n',
    `## Edge\n\n${table(EdgeConfig)}`,
    'Points are `[x, y]` in 0..1 of the camera’s full frame, origin top left.\n',
    ...zones,
    `## Hub\n\n${table(HubConfig)}`,
  ].join('\n');
}

/** docs/errors.md. */
export function errorsPage(): string {
  const rows = Object.entries(errors).map(([name, { status, message, messageZh, cause, fix }]) =>
    [
      `<a id="${name}"></a>${code(name)}`,
      status === null ? '–' : String(status),
      `${message}<br>${messageZh}`,
      cause,
      fix,
    ]
      .map(cell)
      .join(' | '),
  );
  return `${HEAD}
# Errors

Every failure has one of these codes: in the log, on the terminal, and in the problem details (RFC 9457) of the HTTP API, whose status is in the second column.

| Code | HTTP | Message | Cause | What to do |
|---|---|---|---|---|
${rows.map((row) => `| ${row} |`).join('\n')}
`;
}
