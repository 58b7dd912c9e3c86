/** Time on the wire: UTC, RFC 3339 with milliseconds and a `Z`, so that text order is time order. */
import { type Static, Type } from '@sinclair/typebox';

export const Timestamp = Type.String({
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}\\.\\d{3}Z$',
  description: 'UTC instant, RFC 3339, exactly three decimals',
  examples: ['2026-11-23T02:11:05.120Z'],
});
export type Timestamp = Static<typeof Timestamp>;
