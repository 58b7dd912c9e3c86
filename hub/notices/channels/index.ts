/** The written list of notice channels, and what a hub's configuration says of them. */
import { type Static, Type } from '@sinclair/typebox';
import type { Channel, Deliver } from './contract.ts';
import { noop } from './noop/channel.ts';
import { portal } from './portal/channel.ts';

const channels: readonly Channel[] = [portal, noop];

export const ChannelsConfig = Type.Object(
  Object.fromEntries(channels.map(({ kind, config }) => [kind, Type.Optional(config)])),
  {
    additionalProperties: false,
    default: { portal: {} },
    description: 'What notices go to their sites by: each channel that is named here',
  },
);
export type ChannelsConfig = Static<typeof ChannelsConfig>;

/**
 * The channels that the configuration names, by kind.
 *
 * @example openChannels().has('portal') // true
 */
export function openChannels(config: ChannelsConfig = ChannelsConfig.default): ReadonlyMap<string, Deliver> {
  return new Map(
    channels.flatMap(({ kind, open }) => (config[kind] === undefined ? [] : [[kind, open(config[kind])] as const])),
  );
}
