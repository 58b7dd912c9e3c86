/** What was ordered of a camera's memory, by whom, and what became of it. */
import { useTranslation } from 'react-i18next';
import type { MemoryChange, MemoryOrderView } from '../../../../contracts/api/memory.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { fullTime } from '../format/time.ts';
import { inLanguage } from '../i18n/index.ts';

function Change({ change, zones }: { readonly change: MemoryChange; readonly zones: readonly ZoneConfig[] }) {
  const { t } = useTranslation();
  if (change.command === 'restore') return <>{t('memory.restored')}</>;
  const { zone, cells, light } = change;
  const named = zones.find(({ id }) => id === zone);
  const parts = [
    zone === undefined ? null : inLanguage(named?.name, zone),
    cells === undefined ? null : t('memory.cells', { count: cells.length }),
    light === undefined ? null : t(`memory.${light}`),
  ].filter((part) => part !== null);
  return (
    <>
      {t('memory.reset')}: {parts.length > 0 ? parts.join(' · ') : t('memory.all')}
    </>
  );
}

type OrdersProps = { readonly orders: readonly MemoryOrderView[]; readonly zones: readonly ZoneConfig[] };

/** The newest first. */
export function MemoryOrdersList({ orders, zones }: OrdersProps) {
  const { t } = useTranslation();
  return (
    <section className="card memory-orders">
      <h2>{t('memory.orders')}</h2>
      {orders.length === 0 ? (
        <p className="muted">{t('memory.noOrders')}</p>
      ) : (
        <ul>
          {orders.map(({ id, change, at, by, state, reason }) => (
            <li key={id}>
              <span className={`order-state order-${state}`}>{t(`memory.${state}`)}</span>
              <strong>
                <Change change={change} zones={zones} />
              </strong>
              <span className="muted num">
                {by} · {fullTime(at)}
              </span>
              {reason !== null && <span className="muted block">{reason}</span>}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
