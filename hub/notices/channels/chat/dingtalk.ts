/** A group robot of DingTalk (钉钉): an action card, signed in its address. Source: DingTalk, "自定义机器人安全设置". */
import { createHmac } from 'node:crypto';
import { groupChannel } from './group.ts';

export const dingtalk = groupChannel({
  kind: 'dingtalk',
  description: 'Group robots of DingTalk (钉钉)',
  sign(url, secret, now) {
    const sign = createHmac('sha256', secret).update(`${now}\n${secret}`).digest('base64');
    url.searchParams.set('timestamp', String(now));
    url.searchParams.set('sign', sign);
  },
  body({ title, lines, link, open }) {
    const text = [`### ${title}`, ...lines].join('\n\n');
    return link === null
      ? { msgtype: 'markdown', markdown: { title, text } }
      : { msgtype: 'actionCard', actionCard: { title, text, singleTitle: open, singleURL: link } };
  },
  answer: { code: 'errcode', message: 'errmsg' },
});
