/** The hub that is measured: its own broker, SQLite in a folder, any free ports of this machine alone. */
import { join } from 'node:path';
import type { HubConfig } from '../../hub/config.ts';

/** @param folder for everything that it keeps */
export function benchHubConfig(folder: string): HubConfig {
  return {
    database: `sqlite:${join(folder, 'hub.db')}`,
    dataDir: folder,
    mqtt: 'embedded',
    broker: { host: '127.0.0.1', port: 0 },
    http: { host: '127.0.0.1', port: 0 },
  };
}
