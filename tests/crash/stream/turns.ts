/** Gives things one after another, shuffled anew each time all have been given: each comes as often as every other. */
export function createTurns<T>(things: readonly T[], random: () => number): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = [...things];
    return left.splice(Math.floor(random() * left.length), 1)[0] as T;
  };
}
