/** Why a channel does not deliver, in both languages: a supervisor reads it beside the dead letter. What a server says stays as it came. */

export const reasons = {
  noLink: '回复链接已关闭，请重新生成 · the notice has no link that opens: give it a new one',
  noAddress: (site: string) => `工地未登记负责人邮箱 · no mail address of its manager is on record for site ${site}`,
  badAddress: (site: string) => `登记的负责人邮箱无效 · the address on record for site ${site} is no mail address`,
  noTls: '邮件服务器不支持加密，未发送 · the mail server offers no TLS that can be used: nothing was sent',
  noGroup: (site: string) => `未配置该工地的群 · no group is configured for site ${site}`,
  badRobot: '机器人地址须为 https:// · the robot’s address is no https:// address',
  notNeeded: '已先行整改 · corrected meanwhile',
} as const;
