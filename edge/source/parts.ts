/** The parts of a source as its order asks for them. */
import { systemElapsed } from '../../platform/clock.ts';
import type { SourceConfig } from '../config.ts';
import { aspectRatio } from '../domain/aspect.ts';
import { mainStream } from '../settings.ts';
import type { SourceOrder } from './contract.ts';
import { createReader } from './decode/reader.ts';
import { createMainStream, type MainStream } from './main/index.ts';
import { protocolOf } from './protocols.ts';
import { type CameraTime, createLiveTime, createReplayTime } from './time/camera-time.ts';
import { createClockStepWatch } from './time/clock-watch.ts';

/** Native calls are not reported. */
export const NO_RISK = { enter() {}, leave() {} };
/** First frame of a recording, where nothing else is given. */
const REPLAY_START = Date.UTC(2026, 0, 1);
/** @param recorded the stream's times are true from the first picture on */
export function timeOf(order: SourceOrder, recorded: boolean): CameraTime {
  const given = order.startAt ?? (order.config.startAt ? Date.parse(order.config.startAt) : undefined);
  if (order.mode === 'replay') return createReplayTime(given ?? REPLAY_START);
  return createLiveTime({
    watch: order.watch ?? createClockStepWatch({ clock: order.clock, elapsed: systemElapsed }),
    recorded,
    ...(given === undefined ? {} : { startAt: given }),
    ...(order.notBefore === undefined ? {} : { notBefore: order.notBefore }),
    ...(order.mayMove ? { mayMove: order.mayMove } : {}),
  });
}

/** The stream that stills come from, where another one is analysed. */
export function mainStreamOf({ camera, kind, config, logins, log }: SourceOrder): MainStream {
  let lastFault = '';
  const address = { url: config.url, transport: config.transport ?? 'tcp', loop: config.loop ?? false } as const;
  return createMainStream({
    order: { camera, ...address, credentials: logins.main, ...tlsOf(config.fingerprint) },
    demux: protocolOf(address.url).open(address, 'live'),
    policy: mainStream({ kind, source: config }),
    aspect: statedAspect(config.aspect),
    onFault(fault) {
      if (fault.message === lastFault) return;
      lastFault = fault.message;
      log.warn({ camera, code: fault.code }, `main stream: ${fault.message}; stills come from the sub-stream`);
    },
  });
}

function tlsOf(fingerprint: string | undefined): { readonly tls?: { readonly fingerprint: string } } {
  return fingerprint === undefined ? {} : { tls: { fingerprint } };
}

function statedAspect(stated: SourceConfig['aspect']): number | null {
  return stated === undefined ? null : aspectRatio(stated);
}

/** The stream that is analysed: the sub-stream where there is one. */
export function analysedOf({ config, logins, repeatToMs }: SourceOrder) {
  const stream = config.analyse ?? config;
  const address = {
    url: stream.url,
    transport: stream.transport ?? config.transport ?? 'tcp',
    loop: config.loop ?? false,
    ...(repeatToMs === undefined ? {} : { repeatToMs }),
    credentials: config.analyse ? logins.analyse : logins.main,
    ...tlsOf(stream.fingerprint ?? config.fingerprint),
  } as const;
  return { address, aspect: statedAspect(stream.aspect ?? config.aspect) };
}

/** @param aspect width over height of the shown picture, where the configuration states it */
export function readerOf({ camera, config, kind, mode, log, risk }: SourceOrder, aspect: number | null) {
  return createReader({
    config,
    kind,
    lossless: mode !== 'live',
    aspect,
    risk: risk ?? NO_RISK,
    onNote: (note) => {
      if (note === 'keyframes') log.info({ camera }, 'keyframes come again: they alone are decoded');
      else
        log.warn({ camera }, 'no keyframes come, or seldom: every picture is decoded; a number as `cadence` says so');
    },
  });
}
