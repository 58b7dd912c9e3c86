/** Chinese words of a site's ladder and letters. */
import type { LadderStepName } from '../../../../../contracts/api/ladder.ts';

export const ladder = {
  ladder_step: { bulletin: '计入通报', summons: '约谈', credit: '信用记录' } satisfies Record<LadderStepName, string>,
  ladder: {
    title: '工地管理',
    counts: '整改提醒 {{notices}} 份，逾期未改 {{overdue}} 份',
    why: '原因与约定事项（必填）',
    letter: '处置责任书',
    unsigned: '未登记责任书',
    record: '登记责任书',
    letterNumber: '责任书编号',
    signatory: '签署人',
    signedOn: '签署日期',
    letterFile: '责任书文件',
  },
};
