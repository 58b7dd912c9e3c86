/** From the results of interleaved rounds (ceiling, ours, and the other checkout's if there is one) to a row's figures. */

/** A figure of each result, as `measuredRow` takes it. @param what names the ceiling */
export function runsOf<T>([ceilings = [], ours = [], others]: readonly (readonly T[])[]) {
  return (figure: (result: T) => number, what: string) => ({
    values: ours.map(figure),
    ceiling: { what, values: ceilings.map(figure) },
    against: others ? { values: others.map(figure) } : null,
  });
}
