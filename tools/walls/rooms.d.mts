/** Types of the table for the generator, which is TypeScript; dependency-cruiser itself needs a plain module. */

export type Room = {
  readonly name: string;
  readonly holds: string;
  readonly why?: string;
  readonly imports: readonly string[];
  readonly pure?: boolean;
};

export const rooms: readonly Room[];
