/** How far a long work is, for whoever waits. */

export type UpkeepPhase = 'database' | 'evidence' | 'checking';

/** @param done of `total`, in pages, tables or files; `total` is null where nobody knows it */
export type OnProgress = (phase: UpkeepPhase, done: number, total: number | null) => void;
