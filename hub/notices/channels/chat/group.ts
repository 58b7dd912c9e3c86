/** A channel of group robots: which group a site has, its message signed and posted, its answer read. */
import { Type } from '@sinclair/typebox';
import { valueAt } from '../../../../platform/file-references.ts';
import { readSecret } from '../../../../platform/secret.ts';
import type { Channel } from '../contract.ts';
import { reasons } from '../reasons.ts';
import { postToRobot, robotFault, robotUrl } from './post.ts';
import { type CardText, cardOf, Robot, robotOf } from './words.ts';

/** How one product's robots are spoken to. */
export type RobotShape = {
  readonly kind: string;
  readonly description: string;
  /** The message, with its signature where it goes into the body. @param now ms since the epoch */
  body(card: CardText, secret: string | null, now: number): unknown;
  /** Adds the signature where it goes into the address. */
  sign?(url: URL, secret: string, now: number): void;
  /** Names of the fields of its answer. */
  readonly answer: { readonly code: string; readonly message: string };
};

const recordOf = (entries: readonly (readonly [string, unknown])[]) => Object.fromEntries(entries);

/** @param shape what is its own */
export function groupChannel(shape: RobotShape) {
  const config = Type.Object(
    { robots: Type.Array(Robot, { minItems: 1, maxItems: 200 }) },
    { additionalProperties: false, description: shape.description },
  );
  const channel: Channel<typeof config> = {
    kind: shape.kind,
    config,
    reminds: true,
    open:
      ({ robots }, { configDir, clock }) =>
      async (notice, signal) => {
        const { content, link } = notice;
        const robot = robotOf(robots, content.site.id);
        if (!robot) return { state: 'refused', reason: reasons.noGroup(content.site.id) };
        const withLink = robot.link ?? true;
        if (withLink && link === null) return { state: 'refused', reason: reasons.noLink };
        const url = robotUrl(await readSecret(robot.url, configDir));
        const secret = robot.secret === undefined ? null : await readSecret(robot.secret, configDir);
        const now = clock.now();
        if (secret !== null) shape.sign?.(url, secret, now);
        const answer = await postToRobot(url, shape.body(cardOf(notice, withLink ? link : null), secret, now), signal);
        const fault = robotFault(answer, shape.answer.code, shape.answer.message);
        if (fault !== null) throw new Error(`${url.hostname}: ${fault}`);
        return withLink
          ? {
              state: 'delivered',
              sent: { to: robot.sites ? `${shape.kind}: ${content.site.id}` : shape.kind, receipt: null },
            }
          : { state: 'delivered' };
      },
    references(own) {
      const robots = valueAt(own, 'robots');
      const found = (Array.isArray(robots) ? robots : []).flatMap((robot: unknown, i) =>
        ['url', 'secret'].map((key) => [`robots[${i}].${key}`, valueAt(robot, key)] as const),
      );
      return { secrets: recordOf(found) };
    },
  };
  return channel;
}
