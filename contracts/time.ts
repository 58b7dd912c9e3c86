/** Time on the wire: UTC, RFC 3339 with milliseconds and a `Z`, so that text order is time order. */
import { type Static, Type } from '@sinclair/typebox';

export const Timestamp = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{3}Z$',
  description: 'UTC instant, RFC 3339, exactly three decimals',
  examples: ['2026-11-23T02:11:05.120Z'],
});
export type Timestamp = Static<typeof Timestamp>;
