/** Where a camera is: its address taken apart, and other addresses that its answers name. Pure. */
import type { DemuxOrder } from '../../domain/packet.ts';

export type Credentials = NonNullable<DemuxOrder['credentials']>;

export type RtspAddress = {
  readonly tls: boolean;
  readonly host: string;
  readonly port: number;
  /** As the requests name it: scheme, host, port, path and query, never user or password. */
  readonly uri: string;
  /** From the address itself, where it had any. */
  readonly credentials: Credentials | null;
};

const SHAPE = /^(rtsps?):\/\/(?:([^/?#]*)@)?(\[[0-9a-f:.%]+\]|[^/?#:@[\]\s]+)(?::(\d{1,5}))?([/?][^#\s]*)?(?:#.*)?$/i;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Takes an address apart; null when it is none of RTSP. */
export function parseAddress(url: string): RtspAddress | null {
  const found = SHAPE.exec(url.trim());
  if (!found) return null;
  const [, scheme = '', login, authority = '', portText, path = ''] = found;
  const tls = scheme.toLowerCase() === 'rtsps';
  const port = portText === undefined ? (tls ? 322 : 554) : Number(portText);
  if (port < 1 || port > 65_535) return null;
  const colon = login?.indexOf(':') ?? -1;
  const credentials =
    login === undefined || login === ''
      ? null
      : {
          user: decoded(colon < 0 ? login : login.slice(0, colon)),
          password: decoded(colon < 0 ? '' : login.slice(colon + 1)),
        };
  const named = portText === undefined ? authority : `${authority}:${port}`;
  return {
    tls,
    host: authority.replace(/^\[|\]$/g, ''),
    port,
    uri: `${scheme.toLowerCase()}://${named}${path}`,
    credentials,
  };
}

/** Scheme, host and port of an address's URI. */
function origin(uri: string): string {
  return /^rtsps?:\/\/[^/?]*/.exec(uri)?.[0] ?? uri;
}

/** The address that a redirection names; null when it names none. */
export function redirected(from: RtspAddress, location: string): RtspAddress | null {
  const place = location.trim();
  return parseAddress(place.startsWith('/') ? `${origin(from.uri)}${place}` : place);
}

/** What relative controls are joined to: Content-Base, else Content-Location, else the address itself. */
export function baseOf(uri: string, contentBase: string | null, contentLocation: string | null): string {
  for (const base of [contentBase, contentLocation]) {
    if (base === null || base === '') continue;
    const absolute = parseAddress(base.startsWith('/') ? `${origin(uri)}${base}` : base);
    if (absolute) return absolute.uri;
  }
  return uri;
}

/**
 * The address of a control attribute. Joined as players do it and cameras expect, not by RFC 3986: the control is put
 * behind the whole base, query included.
 */
export function controlUri(base: string, control: string | null): string {
  if (control === null || control === '' || control === '*') return base;
  if (/^rtsps?:\/\//i.test(control)) return parseAddress(control)?.uri ?? base;
  return base.endsWith('/') || control.startsWith('/')
    ? `${base.replace(/\/$/, '')}/${control.replace(/^\//, '')}`
    : `${base}/${control}`;
}
