/** `…/status` (retained, also by last will) and `…/health`: what a node can and cannot see. */
import { type Static, Type } from '@sinclair/typebox';
import { CameraId } from './ids.ts';
import { Timestamp } from './time.ts';

/** `watched` = looking; `degraded` = looking, badly, for the reasons given; `blind` = not looking. */
export const CoverageState = Type.Union([Type.Literal('watched'), Type.Literal('degraded'), Type.Literal('blind')]);
export type CoverageState = Static<typeof CoverageState>;

export const HealthReason = Type.Union([
  Type.Literal('dark'),
  Type.Literal('blurred'),
  Type.Literal('covered'),
  Type.Literal('moved'),
  Type.Literal('frozen'),
  Type.Literal('low-rate'),
  // The node’s clock was set or is not set yet: the camera sees as well as before, and times are marked `unknown`.
  Type.Literal('clock'),
  Type.Literal('offline'),
]);
export type HealthReason = Static<typeof HealthReason>;

export const CameraStatus = Type.Object(
  {
    state: CoverageState,
    reasons: Type.Array(HealthReason, { uniqueItems: true }),
    since: Timestamp,
    fault: Type.Optional(
      Type.String({ maxLength: 500, description: 'Error code and one line, while the camera cannot be read' }),
    ),
    raisedCells: Type.Optional(
      Type.Integer({
        minimum: 1,
        description:
          'Cells of the picture in which the camera’s memory asks for a higher score; missing where there are none',
      }),
    ),
  },
  { additionalProperties: false },
);
export type CameraStatus = Static<typeof CameraStatus>;

export const NodeStatus = Type.Object(
  {
    state: Type.Union([Type.Literal('online'), Type.Literal('offline')]),
    at: Timestamp,
    version: Type.String({ maxLength: 40 }),
    cameras: Type.Record(CameraId, CameraStatus),
  },
  { additionalProperties: false },
);
export type NodeStatus = Static<typeof NodeStatus>;

/** The same node gone: no camera is looked at from `at` on. */
export function watchingNothing(status: NodeStatus): NodeStatus {
  const gone = (camera: CameraStatus): CameraStatus =>
    camera.state === 'blind' ? camera : { state: 'blind', reasons: ['offline'], since: status.at };
  const cameras = Object.entries(status.cameras).map(([id, camera]) => [id, gone(camera)] as const);
  return { ...status, state: 'offline', cameras: Object.fromEntries(cameras) };
}

export const CameraHealth = Type.Object(
  {
    state: CoverageState,
    reasons: Type.Array(HealthReason, { uniqueItems: true }),
    fps: Type.Number({ minimum: 0, description: 'Frames analysed a second, over the last minute' }),
    latencyMs: Type.Number({ minimum: 0, description: 'Packet received to rules done, median of the last minute' }),
    frames: Type.Integer({ minimum: 0 }),
    inferred: Type.Integer({ minimum: 0, description: 'Frames that the change gate let through' }),
    detailLooks: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Looks at parts of the picture in full detail, for far zones' }),
    ),
    detailSkipped: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'Looks at far zones that were due but put off: the node’s budget was spent, or its threads were busy',
      }),
    ),
    lateLooks: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Looks of the model that began later than the rules want them' }),
    ),
    inferenceWaitMs: Type.Optional(
      Type.Number({ minimum: 0, description: 'Longest wait for a look of the model within about a minute' }),
    ),
    presentSinceStart: Type.Optional(
      Type.Integer({
        minimum: 0,
        description:
          'Things that look like a violation now and have stood since the camera’s first look: no events, but proposals',
      }),
    ),
    lateFrames: Type.Optional(Type.Integer({ minimum: 0, description: 'Frames for which that took more than 500 ms' })),
    raisedCells: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Cells in which the camera’s memory asks for a higher score' }),
    ),
    drops: Type.Integer({ minimum: 0, description: 'Frames replaced in the mailbox before they were analysed' }),
    damaged: Type.Optional(
      Type.Integer({
        minimum: 0,
        description: 'Pictures that did not decode whole; they are neither looked at nor kept',
      }),
    ),
    reconnects: Type.Integer({ minimum: 0 }),
    clockOffsetMs: Type.Number({ description: 'Camera time minus node time at the last frame, ms' }),
  },
  { additionalProperties: false },
);
export type CameraHealth = Static<typeof CameraHealth>;

export const NodeHealth = Type.Object(
  {
    at: Timestamp,
    cameras: Type.Record(CameraId, CameraHealth),
    hosts: Type.Optional(
      Type.Object(
        {
          running: Type.Integer({ minimum: 0, description: 'Processes that look at cameras' }),
          restarts: Type.Integer({ minimum: 0, description: 'How many have ended and were replaced since the start' }),
          rssBytes: Type.Integer({ minimum: 0, description: 'Memory of all of them' }),
        },
        { additionalProperties: false },
      ),
    ),
    outbox: Type.Object(
      {
        depth: Type.Integer({ minimum: 0 }),
        oldestSeconds: Type.Number({ minimum: 0 }),
        evidencePending: Type.Integer({ minimum: 0 }),
        diskBytes: Type.Integer({ minimum: 0 }),
      },
      { additionalProperties: false },
    ),
    inference: Type.Optional(
      Type.Object(
        {
          load: Type.Number({
            minimum: 0,
            maximum: 1,
            description: 'Share of the inference threads’ time that looks took, about the last minute',
          }),
          queue: Type.Integer({ minimum: 0, description: 'Looks that wait now' }),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type NodeHealth = Static<typeof NodeHealth>;
