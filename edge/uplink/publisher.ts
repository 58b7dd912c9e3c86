/** What a node publishes: each message on its topic, with the quality of service that interfaces promise. */
import type { AppliedConfig, Reply } from '../../contracts/command.ts';
import type { ObservationBatch } from '../../contracts/observations.ts';
import { type NodeHealth, type NodeStatus, watchingNothing } from '../../contracts/status.ts';
import { type TopicName, topic } from '../../contracts/topics.ts';
import { type Clock, timestamp } from '../../platform/clock.ts';
import type { createMqttSession, Message, PublishOptions } from './session.ts';

/** QoS 1 is "at least once" (MQTT 3.1.1, 4.3.2); a retained message is kept for who subscribes later (3.3.1.3). */
const ONCE_AT_LEAST: PublishOptions = { qos: 1 };
const RETAINED: PublishOptions = { qos: 1, retain: true };
const FIRE_AND_FORGET: PublishOptions = { qos: 0 };

/** Each gives true once the broker has the message, and false where it did not go. */
export function createPublisher(
  { node, version, clock }: { readonly node: string; readonly version: string; readonly clock: Clock },
  publish: ReturnType<typeof createMqttSession>['publish'],
) {
  let cameras: NodeStatus['cameras'] = {};

  function statusMessage(state: NodeStatus['state']): Message {
    const status = { state, at: timestamp(clock.now()), version, cameras };
    // A last will is published when nobody watches any more, whatever the cameras saw when it was made.
    const payload = JSON.stringify(state === 'offline' ? watchingNothing(status) : status);
    return { topic: topic(node, 'status'), payload };
  }

  const send = (name: TopicName, payload: string, options: PublishOptions) =>
    publish({ topic: topic(node, name), payload }, options);

  return {
    /** What the broker is to publish when this node goes without a word. */
    lastWill: (): Message => statusMessage('offline'),
    status: (state: NodeStatus['state']) => publish(statusMessage(state), RETAINED),
    setCameras(next: NodeStatus['cameras']): void {
      cameras = next;
    },
    /** @param body the signed event in its canonical form */
    event: (body: string) => send('events', body, ONCE_AT_LEAST),
    observations: (batch: ObservationBatch) => send('observations', JSON.stringify(batch), ONCE_AT_LEAST),
    health: (health: NodeHealth) => send('health', JSON.stringify(health), FIRE_AND_FORGET),
    applied: (applied: AppliedConfig) => send('applied', JSON.stringify(applied), RETAINED),
    reply: (reply: Reply) => send('replies', JSON.stringify(reply), ONCE_AT_LEAST),
  };
}
