/** How an address is opened: what kind it is, how the library wants it written, and what it may reach. Pure. */

export type AddressKind = 'rtsp' | 'http' | 'file' | 'other';

/**
 * The scheme of an address in lower case; a path has that of a file.
 *
 * @example schemeOf('RTSP://10.0.0.9/1') // 'rtsp'
 */
export function schemeOf(url: string): string {
  return /^([a-z][a-z0-9+.-]+):\/\//i.exec(url)?.[1]?.toLowerCase() ?? 'file';
}

/** How FFmpeg must be told of an address. */
export function addressKind(url: string): AddressKind {
  const scheme = schemeOf(url);
  if (scheme === 'file') return 'file';
  if (scheme === 'rtsp' || scheme === 'rtsps') return 'rtsp';
  return scheme === 'http' || scheme === 'https' ? 'http' : 'other';
}

/**
 * The address as the library gets it, in memory only. A path is marked as one, so that a colon in its name is no
 * protocol; a log-in that stands in the address already gives way to the configured one.
 */
export function libraryAddress(
  url: string,
  credentials: { readonly user: string; readonly password: string } | null,
): string {
  if (addressKind(url) === 'file') return `file:${url.replace(/^file:(\/\/)?/i, '')}`;
  if (!credentials) return url;
  const login = `${encodeURIComponent(credentials.user)}:${encodeURIComponent(credentials.password)}`;
  return url.replace(/^([a-z][a-z0-9+.-]+:\/\/)(?:[^/@]*@)?/i, (_all, scheme: string) => `${scheme}${login}@`);
}

/** The library gives up on a silent network by itself, µs. */
const IO_TIMEOUT_US = 15_000_000;

/** A playlist in a recording must not reach the network, nor one on the network a file of this machine. */
const reach = {
  file: 'file,crypto,data',
  http: 'http,https,tcp,tls,crypto,httpproxy',
  rtsp: 'rtsp,rtsps,tcp,tls,udp,rtp,srtp,http,https,httpproxy',
} as const;

/** What the library is told when it opens the address: what it may reach, and how long it waits. */
export function openingOptions(url: string, transport: 'tcp' | 'udp'): Record<string, string> {
  switch (addressKind(url)) {
    case 'file':
      return { protocol_whitelist: reach.file };
    case 'http':
      // A camera's frames are not waited for only to guess their rate.
      return { protocol_whitelist: reach.http, rw_timeout: String(IO_TIMEOUT_US), fpsprobesize: '0' };
    case 'rtsp':
      return {
        protocol_whitelist: reach.rtsp,
        timeout: String(IO_TIMEOUT_US),
        rtsp_transport: transport,
        // Discarding a sound track does not stop its packets, not asking for it does.
        allowed_media_types: 'video',
        fpsprobesize: '0',
      };
    default:
      return { rw_timeout: String(IO_TIMEOUT_US), fpsprobesize: '0' };
  }
}
