/** A small line of a count over time. */
const WIDTH = 160;
const HEIGHT = 32;

/** A small line of counts over seconds. */
export function Spark({ series, label }: { readonly series: readonly [number, number][]; readonly label: string }) {
  const lastAt = Math.max(1, series.at(-1)?.[0] ?? 1);
  const most = Math.max(1, ...series.map(([, count]) => count));
  const points = series
    .map(
      ([at, count]) =>
        `${((at / lastAt) * WIDTH).toFixed(1)},${(HEIGHT - 2 - (count / most) * (HEIGHT - 4)).toFixed(1)}`,
    )
    .join(' ');
  return (
    <span className="spark">
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`${label}: ${series.map(([, n]) => n).join(', ')}`}
      >
        <polyline points={points} />
      </svg>
      <span className="muted num">≤ {most}</span>
    </span>
  );
}
