/** Rules of dependency-cruiser made from the table of rooms. */
import { rooms } from './rooms.mjs';

const house = '^(contracts|platform|edge|hub|evaluation|test-media|demo|cli|bench|tools|tests)/';
const test = '\\.test\\.ts$';

/** Files of a room as a pattern; with `/*` those in the folder itself. */
const filesOf = (name) => (name.endsWith('/*') ? `^${name.slice(0, -1)}[^/]+$` : `^${name}/`);
/** Rooms within another have walls of their own. */
const within = (name) => rooms.filter((room) => room.name.startsWith(`${name}/`) && !room.name.endsWith('/*'));

/** Rules of dependency-cruiser: a room imports itself and what its row names, and nothing else of the house. */
export const roomWalls = rooms
  .filter(({ imports }) => !imports.includes('*'))
  .map(({ name, holds, why, imports }) => ({
    name: `room ${name}`,
    comment: why ?? `It holds ${holds}, and needs no more than its row in tools/walls/rooms.mjs names.`,
    severity: 'error',
    from: { path: filesOf(name), pathNot: [test, ...within(name).map((room) => filesOf(room.name))] },
    to: { path: house, pathNot: [name, ...imports].map(filesOf) },
  }));

/** Files of rooms without anything of Node in them. */
export const pureFiles = rooms.filter(({ pure }) => pure).map(({ name }) => filesOf(name));
