/** What each chart of the bulletin shows, as ECharts takes it. Pure: figures and colours in, an option out. */
import type { EChartsCoreOption } from 'echarts/core';
import type { MonthFigures, RatedCount } from '../../../../contracts/api/report-figures.ts';
import type { ChartPalette } from './palette.ts';

export type ChartWords = {
  readonly received: string;
  readonly filed: string;
  readonly handled: string;
  readonly closed: string;
  readonly confirmed: string;
  readonly rejected: string;
  readonly outstanding: string;
  readonly outcomes: readonly [string, string, string];
  readonly online: string;
  readonly precision: string;
  readonly aria: string;
};

/** Names of what has an id. */
export type ChartNames = {
  readonly camera: (id: string) => string;
  readonly site: (id: string) => string;
  readonly kind: (kind: string) => string;
  readonly district: (code: string | null) => string;
};

export type ChartInput = {
  readonly figures: MonthFigures;
  readonly palette: ChartPalette;
  readonly words: ChartWords;
  readonly names: ChartNames;
};

const MAX_BARS = 15;
const percent = (share: RatedCount) => Math.round((share.value ?? 0) * 1000) / 10;
const hours = Array.from({ length: 24 }, (_, hour) => String(hour));

function base({ palette, words }: ChartInput): EChartsCoreOption {
  return {
    animation: false,
    color: [...palette.series],
    textStyle: { color: palette.text, fontFamily: 'inherit' },
    aria: { enabled: true, label: { description: words.aria } },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: palette.panel,
      borderColor: palette.line,
      textStyle: { color: palette.text, fontSize: 12 },
    },
    grid: { left: 8, right: 16, top: 34, bottom: 4, containLabel: true },
    legend: { top: 0, left: 0, icon: 'roundRect', itemWidth: 12, itemHeight: 8, textStyle: { color: palette.text } },
  };
}

const axisStyle = ({ line, muted }: ChartPalette) => ({
  axisLine: { lineStyle: { color: line } },
  axisTick: { show: false },
  axisLabel: { color: muted, fontSize: 11 },
  splitLine: { lineStyle: { color: line } },
});

/** Received, filed, handled and closed, day by day. */
export function daysOption(input: ChartInput): EChartsCoreOption {
  const { figures, palette, words } = input;
  const line = (name: string, data: number[], area = false) => ({
    ...{ name, data, type: 'line', smooth: 0.25, symbolSize: 4, showSymbol: false, lineStyle: { width: 2 } },
    ...(area ? { areaStyle: { opacity: 0.14 } } : {}),
  });
  const { days } = figures;
  return {
    ...base(input),
    xAxis: { type: 'category', boundaryGap: false, data: days.map(({ day }) => day.slice(8)), ...axisStyle(palette) },
    yAxis: { type: 'value', minInterval: 1, ...axisStyle(palette) },
    series: [
      line(
        words.received,
        days.map((day) => day.received),
        true,
      ),
      line(
        words.filed,
        days.map((day) => day.filed),
      ),
      line(
        words.handled,
        days.map((day) => day.handled),
      ),
      line(
        words.closed,
        days.map((day) => day.closed),
      ),
    ],
  };
}

/** A ring of parts that make a whole. */
export function ringOption(input: ChartInput, parts: readonly { name: string; value: number }[]): EChartsCoreOption {
  const { palette } = input;
  return {
    ...base(input),
    tooltip: { ...(base(input).tooltip as object), trigger: 'item', formatter: '{b}: {c} ({d}%)' },
    series: [
      {
        type: 'pie',
        radius: ['52%', '76%'],
        center: ['50%', '56%'],
        itemStyle: { borderColor: palette.panel, borderWidth: 2 },
        // Names stand in the legend: there is no room for them beside the ring.
        label: { color: palette.text, formatter: '{d}%', fontSize: 12 },
        labelLine: { lineStyle: { color: palette.muted } },
        data: parts.filter(({ value }) => value > 0).map((part) => ({ ...part })),
      },
    ],
  };
}

/** Darker where there is more, by hour. */
export function heatOption(
  input: ChartInput,
  rows: readonly { readonly name: string; readonly values: readonly number[] }[],
): EChartsCoreOption {
  const { palette } = input;
  const upward = [...rows].reverse();
  const data = upward.flatMap(({ values }, y) => values.map((value, x) => [x, y, value]));
  return {
    ...base(input),
    legend: { show: false },
    grid: { left: 8, right: 8, top: 6, bottom: 4, containLabel: true },
    tooltip: {
      ...(base(input).tooltip as object),
      trigger: 'item',
      formatter: ({ data: [x = 0, y = 0, value = 0] = [] }: { data?: number[] }) =>
        `${upward[y]?.name ?? ''} ${x}:00–${x + 1}:00　<b>${value}</b>`,
    },
    xAxis: { type: 'category', data: hours, ...axisStyle(palette), splitArea: { show: false } },
    yAxis: {
      type: 'category',
      data: upward.map(({ name }) => name),
      ...axisStyle(palette),
      axisLabel: { color: palette.text, fontSize: 11, width: 96, overflow: 'truncate' },
    },
    visualMap: {
      show: false,
      min: 0,
      max: Math.max(1, ...data.map(([, , value]) => value ?? 0)),
      inRange: { color: [palette.low, palette.high] },
    },
    series: [{ type: 'heatmap', data, itemStyle: { borderColor: palette.panel, borderWidth: 2, borderRadius: 3 } }],
  };
}

type BarRow = { readonly name: string; readonly values: readonly number[] };

/** Bars across, most important on top. */
export function barsOption(
  input: ChartInput,
  series: readonly string[],
  rows: readonly BarRow[],
  unit = '',
): EChartsCoreOption {
  const { palette } = input;
  const shown = rows.slice(0, MAX_BARS).reverse();
  return {
    ...base(input),
    tooltip: { ...(base(input).tooltip as object), axisPointer: { type: 'shadow' } },
    xAxis: {
      type: 'value',
      ...(unit === '%' ? { max: 100 } : { minInterval: 1 }),
      ...axisStyle(palette),
      axisLabel: { color: palette.muted, fontSize: 11, formatter: `{value}${unit}` },
    },
    yAxis: {
      type: 'category',
      data: shown.map(({ name }) => name),
      ...axisStyle(palette),
      axisLabel: { color: palette.text, fontSize: 11, width: 110, overflow: 'truncate' },
    },
    series: series.map((name, i) => ({
      ...{ name, type: 'bar', barMaxWidth: 16, data: shown.map(({ values }) => values[i] ?? 0) },
      itemStyle: { borderRadius: [0, 3, 3, 0] },
      label: { show: true, position: 'right', color: palette.muted, fontSize: 11, formatter: `{c}${unit}` },
    })),
  };
}

/** Districts by what they handled and what is left. */
export function districtsOption(input: ChartInput): EChartsCoreOption {
  const { figures, words, names } = input;
  const rows = figures.districts
    .filter(({ received, handling }) => received + handling.handled + handling.outstanding > 0)
    .map(({ district, received, handling }) => ({
      name: names.district(district),
      values: [received, handling.handled, handling.outstanding],
    }));
  return barsOption(input, [words.received, words.handled, words.outstanding], rows);
}

/** Precision of each camera with each rule, the lowest first. */
export function precisionOption(input: ChartInput): EChartsCoreOption {
  const { figures, words, names } = input;
  const rows = figures.precision.map(({ camera, kind, precision }) => ({
    name: `${names.camera(camera)} · ${names.kind(kind)}`,
    values: [percent(precision)],
  }));
  return barsOption(input, [words.precision], rows, '%');
}

/** Share of the month in which each camera was watched, the blindest first. */
export function onlineOption(input: ChartInput): EChartsCoreOption {
  const { figures, words, names } = input;
  const rows = figures.cameras.map(({ camera, online }) => ({ name: names.camera(camera), values: [percent(online)] }));
  return barsOption(input, [words.online], rows, '%');
}

/** Sites: what was received of each, beside the notices that were made and corrected. */
export function sitesOption(input: ChartInput, notices: readonly [string, string]): EChartsCoreOption {
  const { figures, words, names } = input;
  const rows = figures.sites.map(({ site, received, notices: told }) => ({
    name: names.site(site),
    values: [received, told.made, told.corrected],
  }));
  return barsOption(input, [words.received, ...notices], rows);
}

/** Confirmed and rejected by each operator. */
export function operatorsOption(input: ChartInput): EChartsCoreOption {
  const { figures, words } = input;
  const rows = (figures.operators ?? []).map(({ operator, confirmed, rejected }) => ({
    name: operator,
    values: [confirmed, rejected],
  }));
  return barsOption(input, [words.confirmed, words.rejected], rows);
}
