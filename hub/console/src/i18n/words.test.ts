import { expect, test } from 'vitest';
import { caseStates, rejectReasons } from '../../../../contracts/api/case.ts';
import { caseSources } from '../../../../contracts/api/case-source.ts';
import { correctionOrderStates } from '../../../../contracts/api/correction-order.ts';
import { deliveryStates } from '../../../../contracts/api/delivery.ts';
import { historyActions } from '../../../../contracts/api/history-actions.ts';
import { ladderSteps } from '../../../../contracts/api/ladder.ts';
import { noticeStates } from '../../../../contracts/api/notice.ts';
import { errors } from '../../../../contracts/errors.ts';
import { stepFields } from '../case-file/step-fields.ts';
import { en } from './en/index.ts';
import { zh } from './zh/index.ts';

const groups = {
  action: historyActions,
  command: Object.keys(stepFields),
  state: caseStates,
  notice: noticeStates,
  delivery: deliveryStates,
  order_state: correctionOrderStates,
  ladder_step: ladderSteps,
  reason: rejectReasons,
  source: caseSources,
} as const;

test.each([
  ['zh', zh],
  ['en', en],
] as const)('every code that the hub writes has words in %s', (language, words) => {
  for (const [group, codes] of Object.entries(groups)) {
    const known = words[group as keyof typeof groups] as Readonly<Record<string, string>>;
    for (const code of codes) {
      const text = known[code] ?? '';
      expect(text, `${group} ${code}`).toMatch(language === 'zh' ? /\p{Script=Han}/u : /^\p{Lu}/u);
      expect(text, `${group} ${code}`).not.toBe(code);
    }
  }
});

test.each([
  ['zh', zh],
  ['en', en],
] as const)('every refusal of a message has words in %s', (_language, { refusal }) => {
  expect(Object.keys(refusal).sort()).toEqual(
    Object.keys(errors)
      .filter((code) => code.startsWith('ING_'))
      .sort(),
  );
});

test('each command is an action of the trail', () => {
  expect(historyActions).toEqual(expect.arrayContaining(Object.keys(stepFields)));
});

test('the product has one Chinese name', () => {
  expect(zh.app.name).toContain('路沿守望');
});
