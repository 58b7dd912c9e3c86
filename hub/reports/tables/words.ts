/** Words of the bulletin in both languages: reasons, states, outcomes, divisions. */

import type { CaseSource } from '../../../contracts/api/case-source.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { valueText } from '../../../contracts/violations/detail.ts';
import { type ViolationKind, violationKinds, violations } from '../../../contracts/violations/index.ts';

/** Both languages of a text. */
export const both = (zh: string, en: string): Bilingual => ({ zh, en });

const isKind = (kind: string): kind is ViolationKind => (violationKinds as readonly string[]).includes(kind);
const UNKNOWN = both('未登记', 'Not registered');

const rejections: Readonly<Record<string, Bilingual>> = {
  permitted: both('已获许可', 'Permitted'),
  'parked-vehicle': both('停放车辆', 'Parked vehicle'),
  pedestrians: both('行人', 'Pedestrians'),
  'glare-or-rain': both('反光或雨', 'Glare or rain'),
  'wrong-class': both('类别有误', 'Wrong class'),
  'too-unclear': both('画面不清', 'Too unclear'),
  fixture: both('固定设施', 'Fixture'),
  other: both('其他', 'Other'),
};

const states: Readonly<Record<string, Bilingual>> = {
  'pending-review': both('待审核', 'Pending review'),
  proposed: both('疑似固定物', 'Proposed fixture'),
  'field-check': both('待核实', 'Field check'),
  rejected: both('已驳回', 'Rejected'),
  expired: both('超期未审', 'Expired'),
  filed: both('已立案', 'Filed'),
  dispatched: both('已派遣', 'Dispatched'),
  returned: both('已退回', 'Returned'),
  handling: both('处置中', 'Handling'),
  feedback: both('已反馈', 'Fed back'),
  inspecting: both('核查中', 'Inspecting'),
  closed: both('已结案', 'Closed'),
  voided: both('已作废', 'Voided'),
  merged: both('已合并', 'Merged'),
};

/** GB/T 2260 codes of Quanzhou's divisions; any other place shows its code. */
const divisions: Readonly<Record<string, Bilingual>> = {
  '350502': both('鲤城区', 'Licheng'),
  '350503': both('丰泽区', 'Fengze'),
  '350504': both('洛江区', 'Luojiang'),
  '350505': both('泉港区', 'Quangang'),
  '350521': both('惠安县', 'Hui’an'),
  '350524': both('安溪县', 'Anxi'),
  '350525': both('永春县', 'Yongchun'),
  '350526': both('德化县', 'Dehua'),
  '350581': both('石狮市', 'Shishi'),
  '350582': both('晋江市', 'Jinjiang'),
  '350583': both('南安市', 'Nan’an'),
};

const sources: Readonly<Record<string, Bilingual>> = {
  video_ai: both('视频智能发现', 'Video analysis'),
  hotline: both('12319 热线', '12319 hotline'),
  wechat: both('微信举报', 'WeChat'),
  app: both('应用程序举报', 'App'),
  other: both('其他来源', 'Other source'),
} satisfies Record<CaseSource, Bilingual>;
const sensitive: Readonly<Record<string, Bilingual>> = {
  heritage: both('文化遗产点', 'Heritage site'),
  school: both('学校', 'School'),
};

const wordIn = (words: Readonly<Record<string, Bilingual>>) => (key: string | null) =>
  key === null ? UNKNOWN : Object.hasOwn(words, key) ? (words[key] as Bilingual) : key;

/** A word for a code; a code without one as it is. */
export const rejectionWord = wordIn(rejections);
/** A state of a case. */
export const stateWord = wordIn(states);
/** A district by its six digits. */
export const districtWord = wordIn(divisions);
/** Where an incident came from. */
export const sourceWord = wordIn(sources);
/** What a zone lies near. */
export const sensitiveWord = wordIn(sensitive);
/** A kind by its title. */
export const kindWord = (kind: string): Bilingual | string => (isKind(kind) ? violations[kind].title : kind);

/** Why something of a kind is a violation. */
export function reasonWord(kind: string, reason: string | null): Bilingual | string {
  if (reason === null) return UNKNOWN;
  return isKind(kind) ? (valueText(kind, violations[kind].reasonField, reason) ?? reason) : reason;
}

/** A reason of any kind, where a table mixes them. */
export function anyReasonWord(reason: string | null): Bilingual | string {
  const kind = violationKinds.find((one) => reason !== null && valueText(one, violations[one].reasonField, reason));
  return reasonWord(kind ?? '', reason);
}

const weekdays = ['周一 Mon', '周二 Tue', '周三 Wed', '周四 Thu', '周五 Fri', '周六 Sat', '周日 Sun'].map((text) => {
  const [zh = '', en = ''] = text.split(' ');
  return both(zh, en);
});

/** Monday = 0. */
export const weekdayWord = (weekday: number): Bilingual => weekdays[weekday] ?? both('—', '—');
