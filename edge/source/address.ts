/** What kind of source an address names. Pure. */

export type AddressKind = 'rtsp' | 'http' | 'file' | 'other';

export function addressKind(url: string): AddressKind {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(url)?.[1]?.toLowerCase();
  if (!scheme || scheme === 'file') return 'file';
  if (scheme === 'rtsp' || scheme === 'rtsps') return 'rtsp';
  return scheme === 'http' || scheme === 'https' ? 'http' : 'other';
}
