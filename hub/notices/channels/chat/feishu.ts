/** A group robot of Feishu (飞书): an interactive card, signed in its body. Source: Feishu, "自定义机器人使用指南". */
import { createHmac } from 'node:crypto';
import { groupChannel } from './group.ts';

/** The key is the text that is signed elsewhere; what is signed is empty. @param now ms since the epoch */
function signature(secret: string, now: number) {
  const timestamp = String(Math.floor(now / 1000));
  return { timestamp, sign: createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64') };
}

export const feishu = groupChannel({
  kind: 'feishu',
  description: 'Group robots of Feishu (飞书)',
  body({ title, lines, link, open }, secret, now) {
    const button = { tag: 'button', type: 'primary', text: { tag: 'plain_text', content: open }, url: link };
    return {
      ...(secret === null ? {} : signature(secret, now)),
      msg_type: 'interactive',
      card: {
        header: { template: 'orange', title: { tag: 'plain_text', content: title } },
        elements: [
          { tag: 'div', text: { tag: 'lark_md', content: lines.join('\n') } },
          ...(link === null ? [] : [{ tag: 'action', actions: [button] }]),
        ],
      },
    };
  },
  answer: { code: 'code', message: 'msg' },
});
