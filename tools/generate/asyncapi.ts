/** docs/asyncapi.json: the MQTT topics and payloads, from the same schemas that check them (AsyncAPI 3.0). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TSchema } from '@sinclair/typebox';
import { AckBatch } from '../../contracts/ack.ts';
import { AppliedConfig, Command, DesiredConfig, Reply } from '../../contracts/command.ts';
import { ViolationEventSchema } from '../../contracts/event.ts';
import { ObservationBatch } from '../../contracts/observations.ts';
import { NodeHealth, NodeStatus } from '../../contracts/status.ts';
import { nodeWrites, type TopicName, topic, topicNames } from '../../contracts/topics.ts';
import { packageRoot } from '../../platform/paths.ts';

type Payload = {
  readonly name: string;
  readonly schema: TSchema;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly summary: string;
};

const payloads: Readonly<Record<TopicName, Payload>> = {
  events: {
    name: 'ViolationEvent',
    schema: ViolationEventSchema,
    qos: 1,
    retain: false,
    summary: 'One violation seen by one camera, signed and chained by its node',
  },
  acks: {
    name: 'AckBatch',
    schema: AckBatch,
    qos: 1,
    retain: false,
    summary: 'Given after the hub’s commit; only this lets a row leave the node’s outbox',
  },
  status: {
    name: 'NodeStatus',
    schema: NodeStatus,
    qos: 1,
    retain: true,
    summary: 'Online or offline (by last will) and what each camera can see',
  },
  health: { name: 'NodeHealth', schema: NodeHealth, qos: 0, retain: false, summary: 'Figures of the last minute' },
  config: {
    name: 'DesiredConfig',
    schema: DesiredConfig,
    qos: 1,
    retain: true,
    summary: 'Configuration that the node should run, with its version',
  },
  applied: {
    name: 'AppliedConfig',
    schema: AppliedConfig,
    qos: 1,
    retain: true,
    summary: 'Version that runs, or the faults found',
  },
  commands: { name: 'Command', schema: Command, qos: 1, retain: false, summary: 'A request to the node' },
  replies: { name: 'Reply', schema: Reply, qos: 1, retain: false, summary: 'Its answer, by requestId' },
  observations: {
    name: 'ObservationBatch',
    schema: ObservationBatch,
    qos: 1,
    retain: false,
    summary: 'What rules counted, hour by hour; sent to a hub that says on the topic of acks that it takes it',
  },
};

/** Seen from the node: it sends what it writes and receives the rest. */
export function asyncApiDocument(): unknown {
  const { version } = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')) as { version: string };
  const entries = topicNames.map((name) => ({ id: name, ...payloads[name] }));
  return JSON.parse(
    JSON.stringify({
      asyncapi: '3.0.0',
      info: {
        title: 'Kerbwatch edge nodes over MQTT',
        version,
        description: 'Operations as the edge node carries them out. MQTT 3.1.1 and 5; payloads are JSON in UTF-8.',
      },
      defaultContentType: 'application/json',
      channels: Object.fromEntries(
        entries.map(({ id, name }) => [
          id,
          {
            address: topic('{node}', id),
            parameters: { node: { description: 'Name of the edge node' } },
            messages: { [name]: { $ref: `#/components/messages/${name}` } },
          },
        ]),
      ),
      operations: Object.fromEntries(
        entries.map(({ id, name, qos, retain, summary }) => [
          id,
          {
            action: nodeWrites.includes(id) ? 'send' : 'receive',
            summary,
            channel: { $ref: `#/channels/${id}` },
            messages: [{ $ref: `#/channels/${id}/messages/${name}` }],
            bindings: { mqtt: { qos, retain, bindingVersion: '0.2.0' } },
          },
        ]),
      ),
      components: {
        messages: Object.fromEntries(
          entries.map(({ name, summary }) => [
            name,
            { name, summary, payload: { $ref: `#/components/schemas/${name}` } },
          ]),
        ),
        schemas: Object.fromEntries(entries.map(({ name, schema }) => [name, schema])),
      },
    }),
  );
}
