/**
 * Takes the weights off a graph's list of inputs. Old exporters list every initializer as an input that a caller might
 * replace; the runtime then cannot fold or fuse them, and PicoDet runs at two thirds of its speed. Pure, on bytes.
 * Source: onnx.proto3 (ModelProto.graph = 7, GraphProto.initializer = 5, .input = 11); from IR version 4 on,
 * initializers need not be inputs.
 */

type Field = {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly body: number;
  readonly end: number;
};

const MODEL = { irVersion: 1, graph: 7 } as const;
const GRAPH = { initializer: 5, input: 11 } as const;
const TENSOR_NAME = 8;
const VALUE_NAME = 1;
const FIRST_FREE_IR = 4;

function readVarint(bytes: Uint8Array, from: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let at = from; at < Math.min(bytes.length, from + 10); at++) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: at + 1 };
    scale *= 128;
  }
  throw new RangeError('not a protobuf number');
}

function endOf(bytes: Uint8Array, wire: number, at: number): { body: number; end: number } {
  if (wire === 0) return { body: at, end: readVarint(bytes, at).next };
  if (wire === 1) return { body: at, end: at + 8 };
  if (wire === 5) return { body: at, end: at + 4 };
  if (wire !== 2) throw new RangeError('not a protobuf field');
  const { value, next } = readVarint(bytes, at);
  return { body: next, end: next + value };
}

function* fieldsOf(bytes: Uint8Array, from: number, to: number): Generator<Field> {
  let start = from;
  while (start < to) {
    const tag = readVarint(bytes, start);
    const wire = tag.value % 8;
    const { body, end } = endOf(bytes, wire, tag.next);
    if (end > to) throw new RangeError('field leaves its message');
    yield { number: Math.floor(tag.value / 8), wire, start, body, end };
    start = end;
  }
}

function nameOf(bytes: Uint8Array, message: Field, nameField: number): string {
  for (const field of fieldsOf(bytes, message.body, message.end)) {
    if (field.number === nameField) return new TextDecoder().decode(bytes.subarray(field.body, field.end));
  }
  return '';
}

function varint(value: number): Uint8Array {
  const out: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) out.push((rest % 128) | 0x80);
  return Uint8Array.from([...out, rest]);
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The graph message without inputs that are initializers; null when there are none. */
function strippedGraph(bytes: Uint8Array, graph: Field): Uint8Array | null {
  const fields = [...fieldsOf(bytes, graph.body, graph.end)];
  const weights = new Set(
    fields.filter((field) => field.number === GRAPH.initializer).map((field) => nameOf(bytes, field, TENSOR_NAME)),
  );
  const kept = fields.filter((field) => field.number !== GRAPH.input || !weights.has(nameOf(bytes, field, VALUE_NAME)));
  if (kept.length === fields.length) return null;
  return join(kept.map((field) => bytes.subarray(field.start, field.end)));
}

/** The same model with its weights fixed; the very same bytes when there is nothing to do or they are no model. */
export function stripInputs(model: Uint8Array): Uint8Array {
  try {
    const parts: Uint8Array[] = [];
    let changed = false;
    for (const field of fieldsOf(model, 0, model.length)) {
      const stripped = field.number === MODEL.graph && field.wire === 2 ? strippedGraph(model, field) : null;
      if (stripped) {
        changed = true;
        parts.push(Uint8Array.of(MODEL.graph * 8 + 2), varint(stripped.length), stripped);
      } else if (field.number === MODEL.irVersion && field.wire === 0) {
        const version = Math.max(FIRST_FREE_IR, readVarint(model, field.body).value);
        parts.push(Uint8Array.of(MODEL.irVersion * 8), varint(version));
      } else {
        parts.push(model.subarray(field.start, field.end));
      }
    }
    return changed ? join(parts) : model;
  } catch (error) {
    // Not a protobuf message: the runtime says so in its own words.
    if (error instanceof RangeError) return model;
    throw error;
  }
}
