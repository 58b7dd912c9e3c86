/** Delivers nothing, on purpose: for tests and dry runs. */
import { Type } from '@sinclair/typebox';
import type { Channel } from '../contract.ts';

const config = Type.Object({}, { additionalProperties: false, description: 'Delivers nothing, for dry runs' });

export const noop: Channel<typeof config> = {
  kind: 'noop',
  config,
  open: () => async () => ({ state: 'delivered' }),
};
