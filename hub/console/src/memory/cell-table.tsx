/** Every cell in words and figures: what the heat map shows, for whoever cannot see it, and to choose by keyboard. */
import { useTranslation } from 'react-i18next';
import type { MemoryCell } from '../../../../contracts/camera-memory.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { inLanguage } from '../i18n/index.ts';
import { rowAndColumn, tellingFirst, zonesAt } from './layers.ts';

const MAX_ROWS = 60;
const rounded = (value: number) => (value === 0 ? '0' : value.toFixed(1));

export type CellTableProps = {
  readonly cells: readonly MemoryCell[];
  readonly zones: readonly ZoneConfig[];
  readonly selected: ReadonlySet<number>;
  readonly onPick: ((cell: number) => void) | null;
};

function CellRow({ cell, zones, selected, onPick }: Omit<CellTableProps, 'cells'> & { readonly cell: MemoryCell }) {
  const { t } = useTranslation();
  const place = t('memory.placeOf', rowAndColumn(cell.cell));
  const names = zonesAt(cell.cell, zones).map((zone) => inLanguage(zone.name, zone.id));
  return (
    <tr className={cell.bar > 0 ? 'cell-raised' : undefined}>
      {onPick !== null && (
        <td>
          <input
            type="checkbox"
            checked={selected.has(cell.cell)}
            onChange={() => onPick(cell.cell)}
            aria-label={`${t('memory.select')} ${place}`}
          />
        </td>
      )}
      <th scope="row">{place}</th>
      <td>{names.join(', ') || '—'}</td>
      <td className="num">{Math.round(cell.share * 100)} %</td>
      <td className="num">{rounded(cell.days)}</td>
      <td className="num">{rounded(cell.dwells)}</td>
      <td className="num">{rounded(cell.events)}</td>
      <td className="num">{rounded(cell.rejected)}</td>
      <td className="num">{rounded(cell.confirmed)}</td>
      <td className="num">{cell.bar > 0 ? cell.bar.toFixed(2) : t('memory.usual')}</td>
    </tr>
  );
}

/** The most telling cells first. */
export function CellTable({ cells, ...rest }: CellTableProps) {
  const { t } = useTranslation();
  const columns = ['place', 'zones', 'share', 'days', 'dwells', 'began', 'rejected', 'confirmed', 'bar'] as const;
  return (
    <section className="cell-table-room">
      <table className="cell-table">
        <caption>
          {t('memory.table')}
          {cells.length > MAX_ROWS && <span className="muted"> · {t('memory.more', { count: MAX_ROWS })}</span>}
        </caption>
        <thead>
          <tr>
            {rest.onPick !== null && <th scope="col">{t('memory.select')}</th>}
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`memory.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {tellingFirst(cells)
            .slice(0, MAX_ROWS)
            .map((cell) => (
              <CellRow key={cell.cell} cell={cell} {...rest} />
            ))}
        </tbody>
      </table>
    </section>
  );
}
