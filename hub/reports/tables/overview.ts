/** The first page: the month beside the one before, review, handling, outcomes. */
import type { ReportCell, ReportTable } from '../../../contracts/api/report.ts';
import type { Headline, MonthFigures } from '../../../contracts/api/report-figures.ts';
import type { Bilingual } from '../../../contracts/text.ts';
import { column, row, table, tenth } from './layout.ts';
import { both, rejectionWord, stateWord } from './words.ts';

const headlines: readonly (readonly [key: keyof Headline, name: Bilingual])[] = [
  ['received', both('受理', 'Received')],
  ['confirmed', both('确认', 'Confirmed')],
  ['precision', both('发现准确率', 'Precision')],
  ['medianSeconds', both('审核时长中位数（分钟）', 'Review, median (min)')],
  ['filed', both('立案', 'Filed')],
  ['filingRate', both('立案率', 'Filing rate')],
  ['handled', both('处置', 'Handled')],
  ['handlingRate', both('处置率', 'Handling rate')],
  ['onTimeRate', both('按期处置率', 'On-time handling rate')],
  ['reworkRate', both('返工率', 'Rework rate')],
  ['outstanding', both('累计未处置', 'Outstanding')],
  ['closed', both('结案', 'Closed')],
];

const inMinutes = (key: keyof Headline, cell: Headline[keyof Headline]): ReportCell =>
  key === 'medianSeconds' && typeof cell === 'number' ? tenth(cell / 60) : (cell as ReportCell);

/** In percent of the month before; of shares the difference in percentage points. Null against nothing. */
function change(now: ReportCell, before: ReportCell): number | null {
  if (typeof now === 'number' && typeof before === 'number') return before === 0 ? null : (now - before) / before;
  const [a, b] = [now, before].map((cell) =>
    cell !== null && typeof cell === 'object' && 'value' in cell ? cell.value : null,
  );
  return a === null || a === undefined || b === null || b === undefined ? null : a - b;
}

/** Headline beside the month before. */
export function overviewTable({ headline, previous }: MonthFigures): ReportTable {
  const rows = headlines.map(([key, name]) => {
    const now = inMinutes(key, headline[key]);
    const before = inMinutes(key, previous.headline[key]);
    return row([name, now, before, change(now, before)]);
  });
  const basis =
    previous.version === null
      ? both(`上月 ${previous.month} 未签发，按现有数据计算`, `${previous.month} is not signed: as known now`)
      : both(
          `上月 ${previous.month} 取签发的第 ${previous.version} 版`,
          `${previous.month}: signed version ${previous.version}`,
        );
  const columns = [
    column('指标', 'Figure', 'text'),
    column('本月', 'This month', 'count'),
    column('上月', 'Month before', 'count'),
    column('环比', 'Change', 'change'),
  ];
  const note = both(`${basis.zh}；比率的环比为百分点之差`, `${basis.en}; of rates the difference in percentage points`);
  return table('overview', both('总览', 'Overview'), columns, rows, note);
}

const pair = (value: Bilingual) => [column('指标', 'Figure', 'text'), { title: value, unit: 'count' as const }];

/** What came in, what was decided, how fast. */
export function reviewTables({ review, received }: MonthFigures): ReportTable[] {
  const minutes = (seconds: number | null) => (seconds === null ? null : tenth(seconds / 60));
  const rows = [
    row([both('节点上报事件', 'Events reported by nodes'), review.reported]),
    row([both('并入已有案件', 'Joined to a case'), review.joined]),
    row([both('合并的重复案件', 'Duplicate cases merged'), review.merged]),
    row([both('许可抑制', 'Suppressed by permit'), review.suppressedByPermit]),
    row([both('疑似固定物', 'Proposed as fixtures'), received.proposals]),
    row([both('确认', 'Confirmed'), review.confirmed]),
    row([both('驳回', 'Rejected'), review.rejected]),
    row([both('发现准确率', 'Precision'), review.precision]),
    row([both('审核时长中位数（分钟）', 'Review, median (min)'), minutes(review.medianSeconds)]),
    row([both('审核时长第 95 百分位（分钟）', 'Review, 95th percentile (min)'), minutes(review.p95Seconds)]),
    row([both('超期未审', 'Expired'), review.expired]),
    row([both('作废', 'Voided'), review.voided]),
  ];
  const columns = pair(both('数值', 'Value'));
  const note = both(
    '准确率 = 确认 ÷（确认 + 驳回），按决定时间计入本月；撤销的决定不计',
    'Precision = confirmed / (confirmed + rejected), in the month of the decision; what was taken back does not count',
  );
  const reasons = review.rejectedByReason.map(({ key, count }) =>
    row([
      rejectionWord(key),
      { count, of: review.rejected, value: review.rejected === 0 ? null : count / review.rejected },
    ]),
  );
  return [
    table('review', both('审核', 'Review'), columns, rows, note),
    table(
      'rejections',
      both('驳回原因', 'Reasons of rejection'),
      [column('原因', 'Reason', 'text'), column('占驳回', 'Of rejected', 'rate')],
      reasons,
    ),
  ];
}

/** From filing to closing. */
export function handlingTables({ handling, outcomes }: MonthFigures, reworkOf: string): ReportTable[] {
  const rows = [
    row([both('立案', 'Filed'), handling.filed]),
    row([both('立案率（占受理）', 'Filing rate (of received)'), handling.filingRate]),
    row([both('派遣', 'Dispatched'), handling.dispatched]),
    row([both('退回', 'Returned'), handling.returned]),
    row([both('应处置', 'Due'), handling.due]),
    row([both('处置率（占应处置）', 'Handling rate (of due)'), handling.handlingRate]),
    row([both('按期处置率（占应处置）', 'On-time handling rate (of due)'), handling.onTimeRate]),
    row([both('处置', 'Handled'), handling.handled]),
    row([both('返工', 'Reworked'), handling.reworked]),
    row([both('返工率', 'Rework rate'), handling.reworkRate]),
    row([both('应处置中延期', 'Of due, with an extension'), handling.deferred]),
    row([both('申诉未结（不计考核）', 'Open objections (not counted)'), handling.appealed]),
    row([both('累计未处置', 'Outstanding'), handling.outstanding]),
    row([both('结案', 'Closed'), handling.closed]),
    row([both('应结案', 'Due to close'), handling.closingDue]),
    row([both('结案率（占应结案）', 'Closing rate (of due to close)'), handling.closingRate]),
    row([both('按期结案率（占应结案）', 'Closed in time (of due to close)'), handling.closedOnTimeRate]),
  ];
  const reworkWords: Readonly<Record<string, Bilingual>> = {
    handled: both('处置数', 'handled'),
    dispatched: both('派遣数', 'dispatched'),
    closed: both('结案数', 'closed'),
  };
  const of = reworkWords[reworkOf] ?? both(reworkOf, reworkOf);
  const note = both(
    `应处置 = 处置时限在本月届满的案件；返工率的分母为${of.zh}`,
    `Due = limits of handling that ended in the month; rework rate is of ${of.en}`,
  );
  const words = {
    service: both('服务', 'Service'),
    management: both('管理', 'Management'),
    enforcement: both('执法', 'Enforcement'),
  };
  const split = (['service', 'management', 'enforcement'] as const).map((key) => row([words[key], outcomes[key]]));
  return [
    table('handling', both('处置', 'Handling'), pair(both('数值', 'Value')), rows, note),
    table(
      'outstanding',
      both('未处置的状态', 'Outstanding by state'),
      [column('状态', 'State', 'text'), column('案件', 'Cases', 'count')],
      handling.outstandingByState.map(({ key, count }) => row([stateWord(key), count])),
    ),
    table(
      'outcomes',
      both('“721”工作法', '“721” split'),
      [column('方式', 'Way', 'text'), column('占结案', 'Of closed', 'rate')],
      split,
      both('七分服务、二分管理、一分执法', 'Seven parts service, two management, one enforcement'),
    ),
  ];
}
