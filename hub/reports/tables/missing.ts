/** Fields of the bulletin that nobody has told the hub: said with the reason, never made up. */
import type { MonthlyReport } from '../../../contracts/api/report.ts';
import { both } from './words.ts';

export const missing: MonthlyReport['missing'] = [
  {
    figure: both('许可抑制', 'Suppressed by permit'),
    why: both(
      '节点不上报许可范围内的摊位，中心无从计数',
      'Nodes do not report what a permit allows, so nothing is counted',
    ),
  },
  {
    figure: both('便民点时段内经营', 'Trade within permitted hours'),
    why: both('许可时段内的摊位不产生事件', 'Stalls within their permit’s hours make no event'),
  },
  {
    figure: both('农贸市场、车站、医院周边', 'Near markets, stations and hospitals'),
    why: both('区域只登记文化遗产点与学校', 'Zones name heritage sites and schools only'),
  },
  {
    figure: both('共享单车品牌', 'Bikes by brand'),
    why: both('模型不识别品牌', 'The model does not tell brands apart'),
  },
  {
    figure: both('通报、约谈、信用记录次数', 'Bulletins, summonses and credit records'),
    why: both('由人办理，本系统未登记', 'Steps of people that are not recorded here'),
  },
  {
    figure: both('综合得分、排名、奖补', 'Score, rank and award'),
    why: both('由人评定', 'Given by people'),
  },
];
