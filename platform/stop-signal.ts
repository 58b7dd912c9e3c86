/** The wish of a person or a supervisor that this program end. */

/** Resolves on Ctrl-C or SIGTERM. Once only: a second Ctrl-C ends the process at once, which every store here is made for. */
export function stopSignal(): Promise<'stop'> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('stop'));
  });
}
