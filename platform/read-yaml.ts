/** Reads YAML as configurations are written: anchors as often as one likes, and nothing that grows, hides or loops. */
import { readFile, stat } from 'node:fs/promises';
import {
  type Document,
  isAlias,
  isCollection,
  isNode,
  isPair,
  LineCounter,
  type ParsedNode,
  parseDocument,
} from 'yaml';
import { AppError } from './app-error.ts';

const MOST_BYTES = 4 * 1024 * 1024;
/** Values of a configuration once every alias stands for what it names. */
const MOST_VALUES = 200_000;
const MOST_LEVELS = 100;

type Position = { readonly line: number; readonly col: number };
type LineOf = (path: string) => number | null;

/** Where the parts of a parsed file stand in it; a value that came from elsewhere has no lines. */
const positions = new WeakMap<object, LineOf>();

/** Line of a dotted path (`cameras[0].source.url`) of a value that `parseYaml` gave, or of the nearest thing above it. */
export function lineOf(value: unknown, path: string): number | null {
  return typeof value === 'object' && value !== null ? (positions.get(value)?.(path) ?? null) : null;
}

export async function readYaml(file: string): Promise<unknown> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new AppError('CFG_NOT_FOUND', file, { cause });
  });
  if (!found.isFile()) throw new AppError('CFG_NOT_FOUND', `${file} is no file`);
  if (found.size > MOST_BYTES) throw new AppError('CFG_SYNTAX', `${file}: ${found.size} bytes, at most ${MOST_BYTES}`);
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('CFG_NOT_FOUND', file, { cause });
  });
  return parseYaml(text, file);
}

/** The parser goes down by calls of itself: what is nested beyond reason is refused before it comes to that. */
function isTooDeep(text: string): boolean {
  let level = 0;
  for (const sign of text) {
    if (sign === '[' || sign === '{') level += 1;
    else if (sign === ']' || sign === '}') level = Math.max(0, level - 1);
    if (level > MOST_LEVELS) return true;
  }
  return new RegExp(`^\\s*([-?] +){${MOST_LEVELS},}`, 'm').test(text);
}

type Trouble = { readonly message: string; readonly node: unknown };

/** Counts what the document is with every alias written out, each part once; says where it has no end or too many. */
function expansionFault(document: Document): Trouble | null {
  const sizes = new Map<unknown, number>();
  const open = new Set<unknown>();
  /** In the order of the text, as an alias stands for the last one of its name before it. */
  const anchors = new Map<string, unknown>();
  const trouble = { found: null as Trouble | null };

  function sizeOf(node: unknown): number {
    if (trouble.found) return 0;
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target && open.has(target)) trouble.found = { message: `*${node.source} names what it is part of`, node };
      return sizeOf(target);
    }
    const known = sizes.get(node);
    if (known !== undefined) return known;
    open.add(node);
    if (isNode(node) && 'anchor' in node && node.anchor) anchors.set(node.anchor, node);
    let size = 1;
    const parts: unknown[] = isCollection(node) ? node.items : isPair(node) ? [node.key, node.value] : [];
    for (const part of parts) size += sizeOf(part);
    open.delete(node);
    if (size > MOST_VALUES) {
      const message = `its anchors make more than ${MOST_VALUES} values of it`;
      trouble.found ??= { message, node };
    }
    sizes.set(node, size);
    return size;
  }
  sizeOf(document.contents);
  return trouble.found;
}

/** `a.b[2].c` → a, b, 2, c */
const stepsOf = (path: string) =>
  [...path.matchAll(/\[(\d+)\]|([^.[\]]+)/g)].map(([, index, key]) =>
    index === undefined ? (key ?? '') : Number(index),
  );

function lineFinder(document: Document, lines: LineCounter): LineOf {
  return (path) => {
    const steps = stepsOf(path);
    for (let length = steps.length; length > 0; length -= 1) {
      const node = document.getIn(steps.slice(0, length), true);
      const range = isNode(node) ? node.range : null;
      if (range) return lines.linePos(range[0]).line;
    }
    return null;
  };
}

/** @throws CFG_SYNTAX with line and column */
export function parseYaml(text: string, file: string): unknown {
  const lines = new LineCounter();
  const fault = (message: string, at?: Position) => {
    const place = at && at.line > 0 ? `${file}:${at.line}:${at.col}` : file;
    return new AppError('CFG_SYNTAX', `${place}: ${message}`);
  };
  if (isTooDeep(text)) throw fault(`nested more than ${MOST_LEVELS} levels deep`);
  const document = parseDocument<ParsedNode>(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
  });
  // A warning is a tag that means nothing here: what it asked for would not be done.
  const trouble = document.errors[0] ?? document.warnings[0];
  if (trouble) throw fault(trouble.message, lines.linePos(trouble.pos[0]));
  const expansion = expansionFault(document as unknown as Document);
  if (expansion) {
    const range = isNode(expansion.node) ? expansion.node.range : null;
    throw fault(expansion.message, range ? lines.linePos(range[0]) : undefined);
  }
  const value = toValue(document as unknown as Document, fault);
  if (typeof value === 'object' && value !== null)
    positions.set(value, lineFinder(document as unknown as Document, lines));
  return value;
}

function toValue(document: Document, fault: (message: string) => AppError): unknown {
  try {
    // What the aliases make of it has been counted above.
    return document.toJS({ maxAliasCount: -1 }) as unknown;
  } catch (error) {
    throw fault(error instanceof Error ? error.message : String(error));
  }
}
