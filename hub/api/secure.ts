/** Whether people reach this hub by https: by its own certificate, or by a proxy's. */
import type { HubConfig } from '../config.ts';

/** Cookies are then for https alone. */
export const isSecure = ({ http }: HubConfig): boolean =>
  http?.tls !== undefined || (http?.publicUrl?.startsWith('https:') ?? false);
