/** Where and when: kinds, districts, days, hours, hot spots, cameras. */
import type { ReportTable } from '../../../contracts/api/report.ts';
import type { MonthFigures, RatedCount } from '../../../contracts/api/report-figures.ts';
import { column, type ReportNames, row, table, tenth } from './layout.ts';
import { both, districtWord, kindWord, reasonWord, sensitiveWord, sourceWord, weekdayWord } from './words.ts';

const hours = Array.from({ length: 24 }, (_, hour) => column(`${hour} 时`, `${hour}:00`, 'count'));

/** What was received, by everything that the bulletin asks for. */
export function receivedTables({ received }: MonthFigures, names: ReportNames): ReportTable[] {
  const counts = (zh: string, en: string, cases = false) => [
    column(zh, en, 'text'),
    column('受理', 'Received', 'count', cases),
  ];
  const { total } = received;
  const share = (count: number) => ({ count, of: total, value: total === 0 ? null : count / total });
  const kinds = received.byKind.map(({ key, count }) =>
    row([kindWord(key ?? ''), count, share(count)], { kind: key ?? '' }),
  );
  return [
    table(
      'kinds',
      both('按类别', 'By class'),
      [...counts('类别', 'Class', true), column('占比', 'Share', 'rate')],
      kinds,
      both('重复与未经确认的疑似固定物不计', 'Without duplicates and unconfirmed proposals of fixtures'),
    ),
    table(
      'reasons',
      both('按情形', 'By reason'),
      [column('类别', 'Class', 'text'), ...counts('情形', 'Reason')],
      received.byReason.map(({ kind, reason, count }) => row([kindWord(kind), reasonWord(kind, reason), count])),
      both('一件案件有几种情形的，各计一次', 'A case with several reasons counts under each'),
    ),
    table(
      'districts',
      both('按区县', 'By district'),
      counts('区县', 'District'),
      received.byDistrict.map(({ key, count }) => row([districtWord(key), count])),
    ),
    table(
      'streets',
      both('按街道', 'By street'),
      counts('街道', 'Street'),
      received.byStreet.map(({ key, count }) =>
        row([key === null ? both('未登记', 'Not registered') : names.street(key), count]),
      ),
    ),
    table(
      'sources',
      both('按来源', 'By source'),
      [column('来源', 'Source', 'text'), column('占受理', 'Of received', 'rate')],
      received.bySource.map(({ key, count }) => row([sourceWord(key), share(count)])),
    ),
    table('sensitive', both('敏感点周边', 'Near sensitive places'), counts('地点', 'Place'), [
      ...received.bySensitivePlace.map(({ key, count }) => row([sensitiveWord(key), count])),
      row([both('超出便民点时段或范围', 'Outside a permit’s hours or area'), received.outsidePermit]),
    ]),
  ];
}

/** Days of the month and hours of the week. */
export function timeTables({ days, weekHours }: MonthFigures): ReportTable[] {
  return [
    table(
      'days',
      both('逐日', 'By day'),
      [
        column('日期', 'Day', 'text'),
        column('受理', 'Received', 'count'),
        column('立案', 'Filed', 'count'),
        column('处置', 'Handled', 'count'),
        column('结案', 'Closed', 'count'),
      ],
      days.map(({ day, received, filed, handled, closed }) => row([day, received, filed, handled, closed])),
    ),
    table(
      'week-hours',
      both('时段热力', 'Hours of the week'),
      [column('星期', 'Weekday', 'text'), ...hours],
      weekHours.map((counts, weekday) => row([weekdayWord(weekday), ...counts])),
      both('按事件开始的本地时间', 'By the local time at which it began'),
    ),
  ];
}

/** Hot spots by hour, places that come back, time to clear. */
export function spotTables(
  { hotSpots, recurrencePlaces, clearing, counted }: MonthFigures,
  names: ReportNames,
): ReportTable[] {
  return [
    table(
      'hot-spots',
      both('高发点位（按小时）', 'Hot spots by hour'),
      [column('点位', 'Camera', 'text'), column('受理', 'Received', 'count', true), ...hours],
      hotSpots.map(({ camera, total, hours: counts }) => row([names.camera(camera), total, ...counts], { camera })),
    ),
    table(
      'recurrences',
      both('反复发生的地点（前十）', 'Places of recurrence, top ten'),
      [column('点位', 'Camera', 'text'), column('区域', 'Zone', 'text'), column('再次发生', 'Recurrences', 'count')],
      recurrencePlaces.map(({ camera, zone, count }) => row([names.camera(camera), zone, count])),
    ),
    table(
      'clearing',
      both('持续时间', 'Time until cleared'),
      [
        column('类别', 'Class', 'text'),
        column('案件', 'Cases', 'count'),
        column('平均（分钟）', 'Mean (min)', 'count'),
      ],
      clearing.map(({ kind, cases, meanSeconds }) =>
        row([kindWord(kind), cases, meanSeconds === null ? null : tenth(meanSeconds / 60)]),
      ),
    ),
    table(
      'counted',
      both('规则计数（不限于违规）', 'What rules counted, violation or not'),
      [
        column('类别', 'Class', 'text'),
        column('项目', 'What', 'text'),
        column('数值', 'Value', 'count'),
        column('观察小时', 'Hours watched', 'hours'),
      ],
      counted.flatMap(({ kind, watchedSeconds, statistics }) =>
        statistics.map(({ title, value }) => row([kindWord(kind), title, value, tenth(watchedSeconds / 3600)])),
      ),
    ),
  ];
}

/** Seconds read better as hours. */
const inHours = ({ count, of, value }: RatedCount): RatedCount => ({
  count: Math.round(count / 3600),
  of: Math.round(of / 3600),
  value,
});

/** Coverage, cameras, and how right each was. */
export function cameraTables({ coverage, cameras, precision }: MonthFigures, names: ReportNames): ReportTable[] {
  const online = column('在线率（小时）', 'Online (hours)', 'rate');
  return [
    table(
      'coverage',
      both('覆盖', 'Coverage'),
      [
        column('区县', 'District', 'text'),
        column('摄像机', 'Cameras', 'count'),
        column('本月有观察', 'Watched', 'count'),
        column('分析小时', 'Hours watched', 'hours'),
        online,
      ],
      [
        ...coverage.byDistrict.map((one) =>
          row([districtWord(one.district), one.cameras, one.watched, tenth(one.hoursWatched), inHours(one.online)]),
        ),
        row([
          both('全市', 'All'),
          coverage.cameras,
          coverage.watched,
          tenth(coverage.hoursWatched),
          inHours(coverage.online),
        ]),
      ],
      both(
        `在线率 = 分析时长 ÷ 本月已过时长；失明 ${tenth(coverage.hoursBlind)} 小时；有摄像机的网格 ${coverage.grids} 个`,
        `Online = time watched / time of the month so far; blind ${tenth(coverage.hoursBlind)} h; grid cells with a camera: ${coverage.grids}`,
      ),
    ),
    table(
      'cameras',
      both('摄像机', 'Cameras'),
      [
        column('点位', 'Camera', 'text'),
        column('分析小时', 'Hours watched', 'hours'),
        column('失明小时', 'Hours blind', 'hours'),
        online,
        column('受理', 'Received', 'count', true),
      ],
      cameras.map((one) =>
        row(
          [names.camera(one.camera), tenth(one.watchedHours), tenth(one.blindHours), inHours(one.online), one.received],
          {
            camera: one.camera,
          },
        ),
      ),
    ),
    table(
      'precision',
      both('准确率（点位 × 规则）', 'Precision by camera and rule'),
      [column('点位', 'Camera', 'text'), column('规则', 'Rule', 'text'), column('准确率', 'Precision', 'rate')],
      precision.map(({ camera, kind, precision: share }) => row([names.camera(camera), kindWord(kind), share])),
      both('最低的在前', 'The lowest first'),
    ),
  ];
}
