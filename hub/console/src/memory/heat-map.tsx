/** The heat map over the camera's latest still: how long boxes stood in each cell, and where more is asked. */
import { useTranslation } from 'react-i18next';
import type { CameraMemoryView } from '../../../../contracts/api/memory.ts';
import { MEMORY_COLS, MEMORY_ROWS, type MemoryCell } from '../../../../contracts/camera-memory.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { shapesOf } from '../../../../contracts/zone-shapes.ts';
import { fullTime } from '../format/time.ts';
import { ZoneOverlay } from '../stills/overlay.tsx';
import { evidenceUrl } from '../stills/picture.tsx';
import { rowAndColumn, type Shown } from './layers.ts';

/** Faint, so that a twentieth of the time can be seen as well. */
const opacityOf = ({ share }: MemoryCell) => 0.12 + 0.68 * Math.sqrt(share);

type CellProps = { readonly cell: MemoryCell; readonly selected: boolean; readonly onPick: (() => void) | null };

function Cell({ cell, selected, onPick }: CellProps) {
  const { row, col } = rowAndColumn(cell.cell);
  const names = ['heat-cell', cell.bar > 0 && 'heat-raised', selected && 'heat-selected', onPick && 'heat-pick'];
  return (
    // The table beside it does the same by keyboard.
    // biome-ignore lint/a11y/noStaticElementInteractions: the map is hidden from whoever has no pointer
    <rect
      className={names.filter(Boolean).join(' ')}
      {...{ x: col - 1, y: row - 1, width: 1, height: 1 }}
      style={{ fillOpacity: opacityOf(cell) }}
      onClick={onPick ?? undefined}
    />
  );
}

export type HeatMapProps = {
  readonly still: CameraMemoryView['still'];
  readonly cells: readonly MemoryCell[];
  readonly zones: readonly ZoneConfig[];
  readonly shown: Shown;
  readonly selected: ReadonlySet<number>;
  /** Null for who may not change anything. */
  readonly onPick: ((cell: number) => void) | null;
};

/** The picture with its cells; the table holds the same in words. */
export function HeatMap({ still, cells, zones, shown, selected, onPick }: HeatMapProps) {
  const { t } = useTranslation();
  const label = t('memory.map', { light: t(`memory.${shown.light}`), thing: t(`memory.${shown.thing}`) });
  const ratio = still === null ? '16 / 9' : `${still.width} / ${still.height}`;
  return (
    <figure className="heat">
      <div className="heat-picture" style={{ aspectRatio: ratio }} role="img" aria-label={label}>
        {still === null ? (
          <span className="muted">{t('memory.noStill')}</span>
        ) : (
          <img src={evidenceUrl(still.sha256)} alt="" />
        )}
        <ZoneOverlay shapes={zones.flatMap(shapesOf).filter(({ key }) => key === 'zone')} scale={1} />
        <svg
          className="overlay heat-cells"
          viewBox={`0 0 ${MEMORY_COLS} ${MEMORY_ROWS}`}
          preserveAspectRatio="none"
          aria-hidden="true"
        >
          {cells.map((cell) => (
            <Cell
              key={cell.cell}
              cell={cell}
              selected={selected.has(cell.cell)}
              onPick={onPick && (() => onPick(cell.cell))}
            />
          ))}
        </svg>
      </div>
      <figcaption className="muted">
        {t('memory.mapHint')} {still !== null && t('memory.still', { at: fullTime(still.at) })}
      </figcaption>
    </figure>
  );
}
