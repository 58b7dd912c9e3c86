/** The contract of a detector family: how a card names what its graph gives, what that must look like, and how boxes are read out of it. */
import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox';
import type { CardInput } from '../domain/model-card.ts';
import type { MinScores } from './best-label.ts';
import type { Candidates, Tensors } from './candidates.ts';

/** Px of the input for one cell of each grid. */
export const Strides = Type.Array(Type.Integer({ minimum: 1, maximum: 256 }), { minItems: 1, maxItems: 8 });

/** `outputs` of a card, defaults filled in. */
export type FilledOutputs<P extends TProperties> = {
  readonly [K in keyof Static<TObject<P>>]-?: Exclude<Static<TObject<P>>[K], undefined>;
};

/** The model's input, px. */
export type InputSize = Pick<CardInput, 'width' | 'height'>;

/** A tensor that the graph must have: a number is a size that must hold, null is free. */
export type ExpectedTensor = {
  /** Where the card names it. */
  readonly path: string;
  readonly name: string;
  readonly dims: readonly (number | null)[];
  /** Default: float32. */
  readonly type?: 'float32' | 'int64';
};

/** An input beside the picture that is the same for every frame: int64 of that shape. */
export type ConstantInput = {
  /** Where the card names it. */
  readonly path: string;
  readonly name: string;
  readonly dims: readonly number[];
  readonly values: readonly number[];
};

export type DetectorFamily<F extends string = string, P extends TProperties = TProperties> = {
  /** As a card's `family` says. */
  readonly name: F;
  /** Schema of a card's `outputs`; names are those of the ONNX outputs. */
  readonly outputs: P;
  /** The graph gives one box a thing by itself: a card need not say `nmsIou`. */
  readonly nmsFree: boolean;
  /** What the schema of `outputs` cannot say. */
  faultsOf?(outputs: FilledOutputs<P>): { readonly path: string; readonly message: string }[];
  /** The outputs that the graph must have for `labels` labels. */
  expects(outputs: FilledOutputs<P>, input: InputSize, labels: number): ExpectedTensor[];
  /** The inputs that the graph must have beside the picture; default: none. */
  constants?(outputs: FilledOutputs<P>, input: InputSize): readonly ConstantInput[];
  /** Adds every box that reaches its label's score to `out`, in px of the input. */
  collect(tensors: Tensors, outputs: FilledOutputs<P>, input: InputSize, min: MinScores, out: Candidates): void;
};

/** Checks a family against its own schema of outputs; the written list is in `families.ts`. */
export function defineFamily<const F extends string, P extends TProperties>(
  family: DetectorFamily<F, P>,
): DetectorFamily<F, P> {
  return family;
}
