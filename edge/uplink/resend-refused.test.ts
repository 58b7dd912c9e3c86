import { expect, test } from 'vitest';
import { createRefusedResender } from './resend-refused.ts';

/** A hub that answers at once, and the messages it was sent. */
function createLine(due: number, isHopeless: (seq: number) => boolean) {
  const waiting = new Map(Array.from({ length: due }, (_, i) => [i + 1, { seq: i + 1, body: String(i + 1) }]));
  const sent: number[] = [];
  let answers: number[] = [];
  let elapsed = 0;
  const tries = createRefusedResender({
    queue: { refusedDue: (_now, limit) => [...waiting.values()].slice(0, limit) },
    send: (body) => {
      sent.push(Number(body));
      answers.push(Number(body));
    },
    ...{ window: 50, resendMs: 10_000, pauseMs: 200, now: () => 0, elapsed: () => elapsed },
    onFault: (error) => {
      throw error;
    },
  });
  return {
    ...{ sent, tries },
    most: () => answers.length,
    /** The answers to everything on its way, `ms` later. */
    answer(ms: number): void {
      elapsed += ms;
      const now = answers;
      answers = [];
      for (const seq of now) waiting.delete(seq);
      tries.settled({ settled: now, refused: now.filter(isHopeless).map((seq) => ({ seq })) });
    },
  };
}

test('what the hub takes goes faster and faster, in order, within the window', () => {
  const line = createLine(500, () => false);
  line.tries.start();
  const widths: number[] = [];
  while (line.sent.length < 500) {
    widths.push(line.most());
    line.answer(1);
  }
  line.tries.stop();
  expect(widths[0]).toBe(1);
  expect(Math.max(...widths)).toBeLessThanOrEqual(50);
  expect(widths.length).toBeLessThan(30);
  expect(line.sent).toEqual(Array.from({ length: 500 }, (_, i) => i + 1));
});

test('what has no hope is tried one at a time with a pause between, and those behind it are reached', () => {
  const line = createLine(60, (seq) => seq <= 10);
  line.tries.start();
  for (let i = 0; i < 9; i += 1) {
    expect(line.most()).toBe(1);
    line.answer(1);
    // Refused: nothing goes before the pause is over.
    expect(line.most()).toBe(0);
    line.answer(200);
    expect(line.sent.at(-1)).toBe(i + 2);
  }
  line.answer(1);
  line.answer(200);
  for (let i = 0; i < 20; i += 1) line.answer(1);
  line.tries.stop();
  expect(line.sent).toEqual(Array.from({ length: 60 }, (_, i) => i + 1));
});

test('an outbox that cannot be read now costs nothing but the time until it can', () => {
  const faults: unknown[] = [];
  const sent: string[] = [];
  let locked = true;
  const tries = createRefusedResender({
    queue: {
      refusedDue: () => {
        if (locked) throw new Error('locked');
        return [{ seq: 1, body: 'x' }];
      },
    },
    send: (body) => void sent.push(body),
    ...{ window: 50, resendMs: 10_000, pauseMs: 200, now: () => 0, elapsed: () => 0 },
    onFault: (error) => void faults.push(error),
  });
  tries.start();
  expect([faults.length, sent]).toEqual([1, []]);
  locked = false;
  tries.settled({ settled: [], refused: [] });
  tries.stop();
  expect([faults.length, sent]).toEqual([1, ['x']]);
});
