/** The hub's own page of the notice: delivered as soon as its link opens. */
import { Type } from '@sinclair/typebox';
import type { Channel } from '../contract.ts';
import { reasons } from '../reasons.ts';

const config = Type.Object({}, { additionalProperties: false, description: 'The page of the notice, by its link' });

export const portal: Channel<typeof config> = {
  kind: 'portal',
  config,
  open: () => async (notice) =>
    notice.link === null ? { state: 'refused', reason: reasons.noLink } : { state: 'delivered' },
};
