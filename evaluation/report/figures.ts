/** How figures are written: with their interval and the cases they rest on. */
import type { Delays, Rate, Share } from '../metrics/share.ts';
import { bilingual, type Html, html } from './html.ts';

const percent = (value: number) => (100 * value).toFixed(1);
/** Seconds to one digit. */
export const seconds = (value: number): string => value.toFixed(1);
/** Average precision to three digits, a dash where there is no case. */
export const ap = (value: number | null): string => (value === null ? '–' : value.toFixed(3));

/** `96.7 %`, below it the interval and the cases. */
export function shareText({ value, hits, cases, interval95 }: Share): Html {
  if (value === null || interval95 === null) return html`<span class="soft">–</span>`;
  return html`${percent(value)} %<small>${hits}/${cases} · ${percent(interval95.low)}–${percent(interval95.high)}</small>`;
}

/** A count, below it the rate an hour with its interval and the hours watched. */
export function rateText({ count, hours, perHour, interval95 }: Rate): Html {
  if (perHour === null || interval95 === null) return html`<span class="soft">–</span>`;
  const unit = bilingual({ zh: '次/时', en: 'an hour' });
  return html`${count}<small>${perHour.toFixed(2)} ${unit} · ${interval95.low.toFixed(2)}–${interval95.high.toFixed(2)} · ${hours.toFixed(2)} h</small>`;
}

/** The median, below it p90 and the worst, s. */
export function delayText(delays: Delays | null): Html {
  if (!delays) return html`<span class="soft">–</span>`;
  return html`${seconds(delays.median)} s<small>p90 ${seconds(delays.p90)} · ${bilingual({ zh: '最迟', en: 'worst' })} ${seconds(delays.worst)}</small>`;
}
