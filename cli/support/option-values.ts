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

const UNITS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600 };
/** A stream longer than that is a mistake of the unit. */
const MAX_SECONDS = 7 * 24 * 3600;

/**
 * Reader of a duration: a number with `s`, `m` or `h`; seconds where there is none.
 * @example secondsFrom('30m') // 1800
 */
export function secondsFrom(text: string): number {
  const [, number = '', unit = 's'] = /^(\d+(?:\.\d+)?)([smh])?$/.exec(text.trim()) ?? [];
  const seconds = Number(number) * (UNITS[unit] ?? 1);
  if (number !== '' && seconds > 0 && seconds <= MAX_SECONDS) return seconds;
  throw new InvalidArgumentError('expected a duration such as 90s, 30m or 2h, a week at most');
}
