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

const MAX_BYTES = 4 * 1024 * 1024;
/**
 * Values of a configuration once every alias stands for what it names: 256 cameras that share 64 zones, each with names,
 * a ground plane and a permit, come to some 1.7 million. So many are read and checked in two seconds and 250 MB.
 */
const MAX_VALUES = 4_000_000;
const MAX_LEVELS = 100;

type Position = { readonly line: number; readonly col: number };
type LineOf = (path: string) => number | null;

/** Where the parts of a parsed file stand in it; a value that came from elsewhere has no lines. */
const positions = new WeakMap<object, LineOf>();

/** Line of a dotted path (`cameras[0].source.url`) of a value that `parseYaml` gave, or of the nearest thing above it. */
export function lineOf(value: unknown, path: string): number | null {
  return typeof value === 'object' && value !== null ? (positions.get(value)?.(path) ?? null) : null;
}

/** @throws CFG_NOT_FOUND, CFG_SYNTAX with line and column */
export async function readYaml(file: string): Promise<unknown> {
  const found = await stat(file).catch((cause: unknown) => {
    throw new AppError('CFG_NOT_FOUND', file, { cause });
  });
  if (!found.isFile()) throw new AppError('CFG_NOT_FOUND', `${file} is no file`);
  if (found.size > MAX_BYTES) throw new AppError('CFG_SYNTAX', `${file}: ${found.size} bytes, at most ${MAX_BYTES}`);
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
    if (level > MAX_LEVELS) return true;
  }
  return new RegExp(`^\\s*([-?] +){${MAX_LEVELS},}`, 'm').test(text);
}

type Trouble = { readonly message: string; readonly node: unknown };

/** Puts what they name in the place of aliases, and counts; says where that has no end or makes too much of it. */
function expand(document: Document): Trouble | null {
  const sizes = new Map<unknown, number>();
  const open = new Set<unknown>();
  /** In the order of the text, as an alias stands for the last one of its name before it. */
  const anchors = new Map<string, unknown>();
  let trouble: Trouble | null = null;

  function named(node: unknown): unknown {
    if (!isAlias(node)) return node;
    const target = anchors.get(node.source);
    if (target === undefined) trouble ??= { message: `*${node.source} names no anchor before it`, node };
    else if (open.has(target)) trouble ??= { message: `*${node.source} names what it is part of`, node };
    return target;
  }

  function partsOf(node: unknown): unknown[] {
    if (isPair(node)) {
      node.key = named(node.key);
      sizeOf(node.key);
      node.value = named(node.value);
      return [node.key, node.value];
    }
    return isCollection(node) ? node.items : [];
  }

  function sizeOf(node: unknown): number {
    if (trouble) return 0;
    const known = sizes.get(node);
    if (known !== undefined) return known;
    open.add(node);
    if (isNode(node) && 'anchor' in node && node.anchor) anchors.set(node.anchor, node);
    let size = 1;
    const parts = partsOf(node);
    for (const [i, part] of parts.entries()) {
      const target = named(part);
      if (target !== part) parts[i] = target;
      size += sizeOf(target);
    }
    open.delete(node);
    if (size > MAX_VALUES) trouble ??= { message: `its anchors make more than ${MAX_VALUES} values of it`, node };
    sizes.set(node, size);
    return size;
  }
  sizeOf(document.contents);
  return trouble;
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
  if (isTooDeep(text)) throw fault(`nested more than ${MAX_LEVELS} levels deep`);
  const document = parseDocument<ParsedNode>(text, {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: true,
    merge: true,
  });
  // A warning is a tag that means nothing here: what it asked for would not be done.
  const trouble = document.errors[0] ?? document.warnings[0];
  if (trouble) throw fault(trouble.message, lines.linePos(trouble.pos[0]));
  const expansion = expand(document as unknown as Document);
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
    return document.toJS() as unknown;
  } catch (error) {
    throw fault(error instanceof Error ? error.message : String(error));
  }
}
