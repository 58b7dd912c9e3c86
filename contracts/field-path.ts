/** Fields of a body by their dotted path, for cells of a table and fields of a form. Pure. */

type Body = Record<string, unknown>;
const isBody = (value: unknown): value is Body => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The value at `a.b`, or undefined. */
export function fieldAt(body: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>((at, key) => (isBody(at) && Object.hasOwn(at, key) ? at[key] : undefined), body);
}

/** The body with the field set; undefined takes it away, and what is then empty goes too. */
export function withField(body: Body, path: string, value: unknown): Body {
  const [key = '', ...rest] = path.split('.');
  const { [key]: old, ...others } = body;
  if (rest.length === 0) return value === undefined ? others : { ...others, [key]: value };
  const inner = withField(isBody(old) ? old : {}, rest.join('.'), value);
  return Object.keys(inner).length === 0 ? (isBody(old) ? others : body) : { ...others, [key]: inner };
}
