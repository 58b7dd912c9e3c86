/** Words of a proposal, in both languages. */
import type { LeftOut } from './judged.ts';

export type AdaptLanguage = 'zh' | 'en';

type AdaptWords = {
  readonly title: (camera: string, model: string) => string;
  readonly columns: readonly string[];
  readonly tooFew: string;
  readonly why: Readonly<Record<keyof LeftOut, string>>;
  readonly leftOut: (count: number, why: string) => string;
  readonly aim: (precision: string, maxLost: string, minEach: number) => string;
  readonly nothing: string;
  readonly proposesOnly: string;
  readonly clip: (clip: string, kept: number, gained: number, lost: number) => string;
};

/** The language of the terminal: Chinese where its locale says so. @param locale as in LC_ALL or LANG */
export function languageOf(locale: string | undefined): AdaptLanguage {
  return /^zh/i.test(locale ?? '') ? 'zh' : 'en';
}

const zhConcepts: Readonly<Record<string, string>> = {
  stall: '摊位',
  cart: '手推车',
  muck_truck: '渣土车',
  truck: '货车',
  person: '行人',
  bicycle: '自行车',
  umbrella: '遮阳伞',
  car: '小汽车',
  bus: '公交车',
};

/** A concept without a Chinese name keeps the one of the model. */
export function conceptName(concept: string, language: AdaptLanguage): string {
  return language === 'zh' ? (zhConcepts[concept] ?? concept) : concept;
}

const en: AdaptWords = {
  title: (camera, model) => `camera ${camera}, model ${model}`,
  columns: [
    'concept',
    'right',
    'wrong',
    'threshold',
    'precision now',
    'precision then',
    'recall then',
    'wrong not told',
    'right lost',
    'held out: wrong not told / right lost',
  ],
  tooFew: 'too few verdicts of one sort',
  why: {
    unclear: 'the reason of the rejection does not say whether the box was right',
    severalBoxes: 'counts and composites: the verdict is on no single box',
    otherModel: 'found by another model or version',
    elsewhere: 'of another camera, or before the time asked for',
  },
  leftOut: (count, why) => `left out ${count}: ${why}`,
  aim: (precision, maxLost, minEach) =>
    `aim: precision ${precision}, losing at most ${maxLost} of the right ones, with ${minEach} verdicts of each sort at least; in brackets 95 % intervals. Thresholds only rise: what was not told, nobody has judged`,
  nothing: 'nothing to propose: the present thresholds are the best that these verdicts know',
  proposesOnly: 'this is a proposal; nothing was changed',
  clip: (clip, kept, gained, lost) => `${clip}: ${kept} events stay, ${lost} lost, ${gained} gained`,
};

const zh: AdaptWords = {
  title: (camera, model) => `摄像机 ${camera}，模型 ${model}`,
  columns: [
    '类别',
    '正确',
    '错误',
    '阈值',
    '当前精确率',
    '建议后精确率',
    '建议后召回率',
    '减少误报',
    '丢失正确',
    '留出验证：减少误报 / 丢失正确',
  ],
  tooFew: '某一类结论太少',
  why: {
    unclear: '不予立案的理由无法说明检测框是否正确',
    severalBoxes: '计数或组合判定：结论不针对单个检测框',
    otherModel: '由其他模型或版本检出',
    elsewhere: '属于其他摄像机，或早于指定时间',
  },
  leftOut: (count, why) => `未计入 ${count} 条：${why}`,
  aim: (precision, maxLost, minEach) =>
    `目标：精确率 ${precision}，正确案卷最多丢失 ${maxLost}，两类结论各不少于 ${minEach} 条；括号内为 95% 置信区间。阈值只升不降：未上报的情况无人审核过`,
  nothing: '无可建议：就这些结论而言，当前阈值已是最优',
  proposesOnly: '以上仅为建议，未做任何更改',
  clip: (clip, kept, gained, lost) => `${clip}：保留 ${kept} 个事件，丢失 ${lost} 个，新增 ${gained} 个`,
};

export const adaptWords: Readonly<Record<AdaptLanguage, AdaptWords>> = { zh, en };
