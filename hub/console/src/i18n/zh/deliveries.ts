/** Chinese words of how notices went. */
import type { DeliveryState } from '../../../../../contracts/api/delivery.ts';

export const deliveries = {
  delivery: {
    queued: '待投递',
    delivered: '已投递',
    refused: '被拒收',
    failed: '多次未成功',
    'given-up': '已放弃',
  } satisfies Record<DeliveryState, string>,
  channel: {
    portal: '答复页面',
    noop: '演练（不投递）',
    smtp: '邮件',
    wecom: '企业微信',
    dingtalk: '钉钉',
    feishu: '飞书',
  },
  reminder: { before: '临期催办', limit: '到期催办' },
  deliveries: {
    title: '未送出的提醒',
    lead: '下列投递已不再自动尝试，须由人处理：改正地址或渠道后重试，或改用其他方式告知工地并放弃。',
    ofNotice: '投递情况',
    attempts: '已尝试 {{count}} 次',
    nextAt: '下次 {{at}}',
    retry: '重试',
    giveUp: '放弃',
    why: '放弃投递 {{number}} 的原因及另行告知的方式',
    none: '没有未送出的提醒',
    noneHint: '被拒收或一天内始终未成功的投递会出现在这里。',
    supervisors: '仅值班长可处理未送出的提醒',
  },
};
