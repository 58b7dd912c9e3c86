/** Whether people reach this hub by https: by its own certificate, or by a proxy's. */
import type { HubConfig } from '../config.ts';

export const isSecure = ({ http }: HubConfig): boolean =>
  http?.tls !== undefined || (http?.publicUrl?.startsWith('https:') ?? false);
