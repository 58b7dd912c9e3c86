/** Values of options, read from their text. */
import { InvalidArgumentError } from 'commander';

/** Reader of a number within bounds, both included. @param whole without a fraction. */
export function numberFrom(min: number, max: number, whole = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== '' && value >= min && value <= max && (!whole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`expected a number from ${min} to ${max}${whole ? ', without a fraction' : ''}`);
  };
}
