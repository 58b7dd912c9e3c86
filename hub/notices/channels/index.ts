/** The written list of notice channels, and what a hub's configuration says of them. */
import { type Static, Type } from '@sinclair/typebox';
import { systemClock } from '../../../platform/clock.ts';
import { dingtalk } from './chat/dingtalk.ts';
import { feishu } from './chat/feishu.ts';
import { wecom } from './chat/wecom.ts';
import type { Channel, ChannelParts, ChannelReferences, Deliver } from './contract.ts';
import { noop } from './noop/channel.ts';
import { portal } from './portal/channel.ts';
import { smtp } from './smtp/channel.ts';

const channels: readonly Channel[] = [portal, noop, smtp, wecom, dingtalk, feishu];

export const ChannelsConfig = Type.Object(
  Object.fromEntries(channels.map(({ kind, config }) => [kind, Type.Optional(config)])),
  {
    additionalProperties: false,
    default: { portal: {} },
    description: 'What notices go to their sites by: each channel that is named here',
  },
);
export type ChannelsConfig = Static<typeof ChannelsConfig>;

const plain: ChannelParts = { configDir: '.', clock: systemClock };

/**
 * The channels that the configuration names, by kind.
 *
 * @example openChannels().has('portal') // true
 */
export function openChannels(
  config: ChannelsConfig = ChannelsConfig.default,
  parts: ChannelParts = plain,
): ReadonlyMap<string, Deliver> {
  return new Map(
    channels.flatMap(({ kind, open }) =>
      config[kind] === undefined ? [] : [[kind, open(config[kind], parts)] as const],
    ),
  );
}

/** Kinds of those that the configuration names and that reach out. */
export function remindingChannels(config: ChannelsConfig = ChannelsConfig.default): string[] {
  return channels.filter(({ kind, reminds }) => reminds && config[kind] !== undefined).map(({ kind }) => kind);
}

/**
 * What the channels of a configuration point at, each path from `notices.channels` on.
 *
 * @param config as it was written: it may still have faults
 */
export function channelReferences(config: unknown): ChannelReferences {
  const named = typeof config === 'object' && config !== null ? (config as Record<string, unknown>) : {};
  const found = channels.flatMap(({ kind, references }) => {
    const own = named[kind];
    return own === undefined || !references ? [] : [{ kind, ...references(own) }];
  });
  const under = (part: 'secrets' | 'files') =>
    Object.fromEntries(
      found.flatMap((own) => Object.entries(own[part] ?? {}).map(([path, value]) => [`${own.kind}.${path}`, value])),
    );
  const faults = found.flatMap(({ kind, faults: own = [] }) =>
    own.map((fault) => ({ ...fault, path: `${kind}.${fault.path}` })),
  );
  return { secrets: under('secrets'), files: under('files'), faults };
}
