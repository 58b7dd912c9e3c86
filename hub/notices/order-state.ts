/** What becomes of a correction order, and what it lacks to be one. Pure. */
import type {
  CorrectionOrderCommand,
  CorrectionOrderFields,
  CorrectionOrderState,
} from '../../contracts/api/correction-order.ts';

/** 行政处罚法 art. 42: not fewer than two officers. */
const MIN_OFFICERS = 2;

/** Fields that must stand before anybody can approve it. */
export function missingIn(fields: CorrectionOrderFields): string[] {
  const named = (['orderNumber', 'party', 'reconsiderationBody', 'court'] as const).filter(
    (name) => fields[name] === undefined,
  );
  return fields.officers.length < MIN_OFFICERS ? ['officers', ...named] : [...named];
}

/** `state`: what it becomes; else why it does not. */
export type OrderStep =
  | { readonly state: CorrectionOrderState }
  | { readonly fault: { readonly message: string; readonly messageZh: string } };

const fault = (message: string, messageZh: string): OrderStep => ({ fault: { message, messageZh } });

/** @param order as it stands. @param by who gives the command */
export function orderStep(
  order: {
    readonly state: CorrectionOrderState;
    readonly editedBy: string;
    readonly fields: CorrectionOrderFields;
  },
  command: CorrectionOrderCommand['command'],
  by: string,
): OrderStep {
  const { state, editedBy, fields } = order;
  if (command === 'cancel')
    return state === 'cancelled' ? fault('the order is cancelled already', '文书已撤销') : { state: 'cancelled' };
  if (command === 'served')
    return state === 'approved' ? { state: 'served' } : fault('the order is not approved', '文书尚未审批');
  if (state !== 'draft') return fault('the order is no draft any more', '文书已不是草稿');
  if (editedBy === by) return fault('who wrote it does not approve it', '填写人不得审批');
  const missing = missingIn(fields);
  return missing.length > 0
    ? fault(
        `the order lacks: ${missing.join(', ')}`,
        `文书缺少：${missing.map((name) => names[name] ?? name).join('、')}`,
      )
    : { state: 'approved' };
}

const names: Readonly<Record<string, string>> = {
  officers: '两名执法人员及证号',
  orderNumber: '文号',
  party: '当事人',
  reconsiderationBody: '复议机关',
  court: '管辖法院',
};
