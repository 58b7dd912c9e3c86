/** Why a message of a node is refused and kept in quarantine. */
import { entry } from './entry.ts';

export const ingestErrors = {
  ING_TOO_LARGE: entry(
    null,
    'payload is too large',
    '消息过大',
    'An event is at most 256 KiB.',
    'Update the node; an event carries hashes, not pictures.',
  ),
  ING_NOT_JSON: entry(
    null,
    'payload is not JSON',
    '消息不是 JSON',
    'Something else publishes on this topic.',
    'Check what writes there.',
  ),
  ING_SCHEMA: entry(
    null,
    'payload does not validate',
    '消息格式无效',
    'A field is missing, unknown or out of bounds; the reason names it.',
    'Update the node or the hub so that their versions match.',
  ),
  ING_WRONG_NODE: entry(
    null,
    'event of another node',
    '事件属于其他节点',
    'The node in the payload is not the node of the topic.',
    'Check the node’s configuration; if none is wrong, its credentials may be misused.',
  ),
  ING_UNKNOWN_NODE: entry(
    null,
    'node is not registered',
    '节点未登记',
    'No node of this name, or no key for it.',
    'Register the node and its public key.',
  ),
  ING_NODE_DISABLED: entry(
    null,
    'node is disabled',
    '节点已停用',
    'An administrator has cut this node off.',
    'Enable it (`kerbwatch node enable`) if that was a mistake; what the node keeps is then taken.',
  ),
  ING_SIGNATURE: entry(
    null,
    'signature is wrong',
    '签名错误',
    'The event was changed on the way or signed with another key.',
    'Register the node’s current public key; else treat as tampering.',
  ),
  ING_KEY_REVOKED: entry(
    null,
    'signed with a revoked key',
    '使用已吊销的密钥签名',
    'The key of this signature was revoked; the reason says when.',
    'If the box is ours, make a new key on it and register it; if it is not, it is in other hands.',
  ),
  ING_CONFLICT: entry(
    null,
    'number or revision came before with other content',
    '序号或版本已被其他内容占用',
    'The node’s outbox was restored from an older copy, or two machines run under one node name.',
    'The node numbers the message anew and sends it again by itself; the fork stays on the node’s page. If forks go on, look for a second machine under this name.',
  ),
  ING_TIME: entry(
    null,
    'time of the event cannot be',
    '事件时间不合理',
    'It begins before 2020, lies more than 24 h ahead of the hub, or ends before it begins.',
    'Set the clocks of camera, node and hub (NTP); a message from ahead of time is taken once its time has come.',
  ),
  ING_TEXT: entry(
    null,
    'text cannot be kept exactly',
    '文本无法原样保存',
    'A string or key holds U+0000 or half of a surrogate pair (RFC 7493, RFC 8785).',
    'Correct the program that writes there; the reason names the place.',
  ),
  ING_REFUSED: entry(
    null,
    'event could not be stored',
    '事件无法入库',
    'The database refuses this one event while it accepts others.',
    'Report it with the payload from the quarantine; the others are stored.',
  ),
} as const;
