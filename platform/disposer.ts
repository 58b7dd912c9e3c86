/** Undoes in the reverse order of doing. */

/** Told of each step that failed, by its name. */
export type DisposeFailed = (name: string, error: unknown) => void;

export type Disposer = {
  /** What to undo at the end; `name` is for the log. */
  readonly add: (name: string, dispose: () => unknown) => void;
  /** Undoes all of it, last first, whatever fails. Steps added meanwhile are undone too; a second call finds nothing. */
  readonly dispose: () => Promise<void>;
};

/**
 * @param failed takes each failure; without it `dispose` rejects with the first one, after every step has been tried
 */
export function createDisposer(failed?: DisposeFailed): Disposer {
  const steps: { readonly name: string; readonly undo: () => unknown }[] = [];
  return {
    add(name, undo) {
      steps.push({ name, undo });
    },
    async dispose() {
      const faults: unknown[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await step.undo();
        } catch (error) {
          if (failed) failed(step.name, error);
          else faults.push(error);
        }
      }
      if (faults.length > 0) throw faults[0];
    },
  };
}
