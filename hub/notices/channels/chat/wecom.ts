/** A group robot of WeCom (企业微信): markdown; its key is part of its address. Source: WeCom, "群机器人配置说明". */
import { groupChannel } from './group.ts';

/** Longest markdown that a robot takes, bytes of UTF-8. */
const MAX_BYTES = 4096;

export const wecom = groupChannel({
  kind: 'wecom',
  description: 'Group robots of WeCom (企业微信)',
  body({ title, lines, link, open }) {
    const head = [`### ${title}`, ...(link === null ? [] : [`[${open}](${link})`])].join('\n');
    const room = MAX_BYTES - Buffer.byteLength(head) - 1;
    const facts = Buffer.from(lines.join('\n'))
      .subarray(0, room)
      .toString('utf8')
      .replace(/\ufffd$/, '');
    return { msgtype: 'markdown', markdown: { content: `${head}\n${facts}` } };
  },
  answer: { code: 'errcode', message: 'errmsg' },
});
