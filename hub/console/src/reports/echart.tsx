/** A chart in the page: the only file that imports ECharts, and of it only what is drawn. */
import { BarChart, HeatmapChart, LineChart, PieChart } from 'echarts/charts';
import {
  AriaComponent,
  GridComponent,
  LegendComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([
  ...[BarChart, HeatmapChart, LineChart, PieChart],
  ...[AriaComponent, GridComponent, LegendComponent, TooltipComponent, VisualMapComponent, SVGRenderer],
]);

type Props = { readonly option: EChartsCoreOption; readonly label: string; readonly height: number };

/** Draws anew when the option changes, and follows the width of its place. */
export function EChart({ option, label, height }: Props) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) return;
    const chart = init(element, null, { renderer: 'svg' });
    chart.setOption(option);
    const observer = new ResizeObserver(() => chart.resize());
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.dispose();
    };
  }, [option]);
  // ECharts sets aria-label from `option.aria`; the role makes it one picture for readers.
  return <div className="chart" ref={place} role="img" aria-label={label} style={{ height }} />;
}
