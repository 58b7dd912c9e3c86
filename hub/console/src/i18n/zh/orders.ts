/** Chinese words of correction orders. */
import type { CorrectionOrderState } from '../../../../../contracts/api/correction-order.ts';

export const orders = {
  order_state: { draft: '草稿', approved: '已审批', served: '已送达', cancelled: '已撤销' } satisfies Record<
    CorrectionOrderState,
    string
  >,
  order: {
    title: '责令改正通知书',
    draft: '起草',
    fill: '填写',
    save: '保存草稿',
    approve: '审批',
    otherPerson: '填写人不得审批',
    approvedBy: '审批人 {{name}}',
    missing: '尚缺：{{what}}',
    officers: '两名执法人员及证号',
    officer: '执法人员 {{n}}',
    certificate: '执法证号 {{n}}',
    orderNumber: '文号',
    party: '当事人',
    reconsiderationBody: '复议机关',
    court: '管辖法院',
    deadline: '改正期限',
    legalBasis: '依据（每行一条）',
    requirements: '改正要求（每行一条）',
    served: '登记送达',
    method: '送达方式',
    recipient: '受送达人',
    servedOn: '送达日期',
    cancel: '撤销文书',
    cancelWhy: '撤销理由',
    cancelNow: '确认撤销',
    keep: '保留',
    cancelledBy: '{{name}} 撤销：{{why}}',
  },
};
