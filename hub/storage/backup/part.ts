/** What a copy of a database is made of, and how far it is. */

/** A file of a backup: its path within the folder, and how many rows of which table are in it; null = of all tables. */
export type DatabasePart = { readonly path: string; readonly table: string | null; readonly rows: number };

/** So much of so much, in whatever is counted. */
export type Advance = (done: number, total: number) => void;
