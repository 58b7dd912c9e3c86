/** What the report calls things, in both languages; a name without a translation is shown as it is. */
import type { Bilingual } from '../../contracts/text.ts';
import { type ViolationKind, violationKinds, violations } from '../../contracts/violations/index.ts';

const names: Readonly<Record<string, string>> = {
  'shopping-street': '商业街',
  'market-gate': '市场门口',
  school: '学校',
  'heritage-apron': '古城广场',
  'metro-exit': '地铁口',
  'site-gate': '工地出入口',
  arterial: '主干道',
  day: '白天',
  overcast: '阴天',
  dusk: '黄昏',
  night: '夜间',
  infrared: '红外',
  'low-sun': '低角度阳光',
  dry: '干燥',
  wet: '路面湿',
  rain: '雨',
  fog: '雾',
  unstated: '未注明',
  'standing-groups': '站立人群',
  awnings: '店铺雨棚',
  planters: '花坛',
  piles: '堆物',
  tarpaulins: '篷布',
  statues: '雕像',
  'parked-cars': '停放车辆',
  'permitted-stalls': '许可摊位',
  'brief-stops': '短暂停留',
  'moving-shadows': '移动阴影',
  puddles: '积水',
  leaves: '落叶',
  'trade-inside': '店内经营',
  'riders-passing': '骑行经过',
  'bikes-at-light': '等红灯的车',
  'carried-bikes': '运载单车',
  'few-bikes': '少量单车',
  'full-bay': '停满的车位',
  'covered-trucks': '已苫盖车辆',
  'empty-trucks': '空车',
  'sheet-like-load': '与篷布同色的货',
  'partly-covered': '部分苫盖',
  'other-lorries': '其他货车',
  shadow: '阴影',
  'water-film': '水膜',
  person: '行人',
  bicycle: '自行车',
  motorcycle: '摩托车',
  car: '小汽车',
  bus: '客车',
  truck: '货车',
  muck_truck: '渣土车',
  stall: '摊位',
  cart: '推车',
  umbrella: '伞',
  vehicle: '车辆（合计）',
  stall_or_cart: '摊位或推车',
};

/** Words of details, for where no kind is at hand; where two kinds have the same word, the first says what it means. */
const detailWords: Readonly<Record<string, Bilingual>> = Object.assign(
  {},
  ...violationKinds.flatMap((kind) => Object.values(violations[kind].detailValues)).reverse(),
);

/** World, light, class, load …: the word of the files in English, its translation in Chinese. */
export function wordOf(name: string): Bilingual {
  return { zh: names[name] ?? detailWords[name]?.zh ?? name, en: name.replaceAll('_', ' ') };
}

/** The title of a violation. */
export function kindOf(kind: ViolationKind): Bilingual {
  return violations[kind].title;
}
