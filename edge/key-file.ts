/** Where a node's signing key lies. */
import { join } from 'node:path';

export const keyFile = (dataDir: string): string => join(dataDir, 'node-key.pem');
