/** Which process of this one's children talks to a port: the camera host that runs a camera. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/** Inodes of this machine's TCP connections to that port. */
function inodesTo(port: number): Set<string> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const lines = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1);
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return new Set(fields.filter((field) => field[2]?.endsWith(`:${hex}`)).map((field) => `socket:[${field[9]}]`));
}

function children(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
  );
}

function holds(pid: number, sockets: ReadonlySet<string>): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      // Closed since it was listed.
      return false;
    }
  });
}

/** Null while nobody is connected. */
export function childConnectedTo(port: number): number | null {
  const sockets = inodesTo(port);
  return children(process.pid).find((pid) => holds(pid, sockets)) ?? null;
}
