/** Answers to what came before the start was over. */
import { expect, test } from 'vitest';
import { createOutgoing } from './outgoing.ts';

test('what is said before there is a connection goes out with it, in order and once', () => {
  const outgoing = createOutgoing();
  const said: string[] = [];
  outgoing.publish('a', '1');
  outgoing.publish('a', '2');
  outgoing.connect({ publish: (topic, payload) => said.push(`${topic} ${payload}`) });
  outgoing.publish('b', '3');
  expect(said).toEqual(['a 1', 'a 2', 'b 3']);
});
