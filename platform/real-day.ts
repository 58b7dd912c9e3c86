/** Days that are written as days and are none: the thirtieth of February would be read as a day in March. */

/** @param date YYYY-MM-DD */
export function isRealDay(date: string): boolean {
  const at = new Date(`${date}T00:00:00.000Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().slice(0, 10) === date;
}
