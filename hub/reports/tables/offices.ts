/** Sites and carriers with their notices, the assessment of districts, and operators' load. */
import type { ReportCell, ReportTable } from '../../../contracts/api/report.ts';
import type {
  CountedStatistic,
  DistrictAssessment,
  MonthFigures,
  NoticeFigures,
  OperatorLoad,
} from '../../../contracts/api/report-figures.ts';
import { column, type ReportNames, row, table, tenth } from './layout.ts';
import { anyReasonWord, both, districtWord } from './words.ts';

const noticeColumns = [
  column('提醒', 'Notices', 'count'),
  column('已发出', 'Sent', 'count'),
  column('已签收', 'Acknowledged', 'count'),
  column('已整改', 'Corrected', 'count'),
  column('逾期', 'Overdue', 'count'),
];
const noticeCells = ({ made, sent, acknowledged, corrected, overdue }: NoticeFigures): ReportCell[] => [
  ...[made, sent, acknowledged, corrected, overdue],
];

function listed(texts: readonly (ReportCell & (string | { zh: string; en: string }))[]): ReportCell {
  const inOne = (language: 'zh' | 'en', by: string) =>
    texts.map((text) => (typeof text === 'string' ? text : text[language])).join(by);
  return texts.length === 0 ? '—' : { zh: inOne('zh', '、').slice(0, 200), en: inOne('en', ', ').slice(0, 200) };
}

const reasonList = (reasons: MonthFigures['carriers'][number]['reasons']) =>
  listed(
    reasons.map(({ key, count }) => {
      const word = anyReasonWord(key);
      return typeof word === 'string' ? `${word} ${count}` : both(`${word.zh} ${count}`, `${word.en} ${count}`);
    }),
  );

/** Sites: passes and what else their gates counted, cases, notices. */
export function siteTables({ sites, carriers, notices, coverage }: MonthFigures, names: ReportNames): ReportTable[] {
  const counts = new Map<string, CountedStatistic>();
  for (const { counted } of sites) for (const one of counted) counts.set(one.name, one);
  const valueIn = (counted: readonly CountedStatistic[], name: string) =>
    counted.find((one) => one.name === name)?.value ?? null;
  const columns = [
    column('工地', 'Site', 'text'),
    ...[...counts.values()].map(({ title }) => ({ title, unit: 'count' as const })),
    column('受理', 'Received', 'count', true),
    column('情形', 'Reasons', 'text'),
    ...noticeColumns,
    column('责任书', 'Letter', 'text'),
  ];
  const letter = (has: boolean) => (has ? both('有', 'Yes') : both('无', 'No'));
  return [
    table(
      'sites',
      both('工地', 'Construction sites'),
      columns,
      sites.map((one) =>
        row(
          [
            names.site(one.site),
            ...[...counts.keys()].map((name) => valueIn(one.counted, name)),
            one.received,
            reasonList(one.reasons),
            ...noticeCells(one.notices),
            letter(one.letter),
          ],
          { site: one.site },
        ),
      ),
      both(
        `视频正常的工地 ${coverage.sites.count} / ${coverage.sites.of}；车次为全部过闸，不限于违规；空白 = 未计数`,
        `Sites with working gate video: ${coverage.sites.count} of ${coverage.sites.of}; passes are all passes; empty = not counted`,
      ),
    ),
    table('notices', both('整改提醒', 'Notices'), noticeColumns, [row(noticeCells(notices))]),
    table(
      'carriers',
      both('运输企业', 'Carriers'),
      [column('企业', 'Carrier', 'text'), column('受理', 'Received', 'count'), column('情形', 'Reasons', 'text')],
      carriers.map(({ carrier, received, reasons }) => row([carrier, received, reasonList(reasons)])),
      both('按运输路线牌上的车牌归属', 'By the haulage permits that name the plate'),
    ),
  ];
}

const score = column('综合得分', 'Score', 'text');
const rank = column('排名', 'Rank', 'text');
const district = column('区县', 'District', 'text');

/** Columns of Quanzhou's bulletin of May 2021, in its order. */
function quanzhouRow({ district: code, handling }: DistrictAssessment) {
  return row([
    districtWord(code),
    handling.handled,
    handling.onTimeRate,
    handling.outstanding,
    handling.reworkRate,
    handling.handlingRate,
    null,
    null,
  ]);
}

function fullRow({ district: code, received, handling }: DistrictAssessment) {
  return row([
    districtWord(code),
    received,
    handling.filed,
    handling.dispatched,
    handling.due,
    handling.handled,
    handling.handlingRate,
    handling.onTimeRate,
    handling.reworkRate,
    handling.outstanding,
    handling.closed,
    handling.closingRate,
    handling.closedOnTimeRate,
    null,
    null,
  ]);
}

/** The assessment by district; score and rank are given by people and stand empty. */
export function assessmentTable({ districts }: MonthFigures, order: string): ReportTable {
  const title = both('区县考评', 'Assessment by district');
  const note = both('综合得分与排名由人填写', 'Score and rank are given by people');
  const handled = column('处置数', 'Handled', 'count');
  const onTime = column('按期处置率', 'On-time rate', 'rate');
  const outstanding = column('累计未处置数', 'Outstanding', 'count');
  const rework = column('返工率', 'Rework rate', 'rate');
  const handling = column('处置率', 'Handling rate', 'rate');
  if (order === 'quanzhou-2021') {
    const columns = [district, handled, onTime, outstanding, rework, handling, score, rank];
    return table('assessment', title, columns, districts.map(quanzhouRow), note);
  }
  const columns = [
    district,
    column('受理', 'Received', 'count'),
    column('立案', 'Filed', 'count'),
    column('派遣', 'Dispatched', 'count'),
    column('应处置', 'Due', 'count'),
    ...[handled, handling, onTime, rework, outstanding],
    column('结案', 'Closed', 'count'),
    column('结案率', 'Closing rate', 'rate'),
    column('按期结案率', 'Closed in time', 'rate'),
    ...[score, rank],
  ];
  return table('assessment', title, columns, districts.map(fullRow), note);
}

/** Who decided how much; shown to supervisors. */
export function operatorTable(operators: readonly OperatorLoad[]): ReportTable {
  return table(
    'operators',
    both('审核员工作量', 'Operators’ load'),
    [
      column('审核员', 'Operator', 'text'),
      column('确认', 'Confirmed', 'count'),
      column('驳回', 'Rejected', 'count'),
      column('转核实', 'Field checks', 'count'),
      column('撤销', 'Taken back', 'count'),
      column('等候中位数（分钟）', 'Median wait (min)', 'count'),
    ],
    operators.map(({ operator, confirmed, rejected, fieldChecks, undone, medianSeconds }) =>
      row([
        ...[operator, confirmed, rejected, fieldChecks, undone],
        medianSeconds === null ? null : tenth(medianSeconds / 60),
      ]),
    ),
    both('本月作出的决定，含后来撤销的', 'Decisions of the month, those taken back later as well'),
  );
}
