/** `/cameras/:id/memory`: where a camera's detector draws boxes and nothing ever happens, and what follows from it. */
import { Segmented } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useParams } from 'react-router';
import type { CameraMemoryView } from '../../../../contracts/api/memory.ts';
import { type MemoryMap, memoryLights, memoryThings } from '../../../../contracts/camera-memory.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { useCamera, useMemory } from '../api/reads.ts';
import { fullTime } from '../format/time.ts';
import { inLanguage } from '../i18n/index.ts';
import { maySupervise, useSession } from '../shell/session.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { CellTable } from './cell-table.tsx';
import { Forget } from './forget.tsx';
import { HeatMap } from './heat-map.tsx';
import { firstShown, layerIn, type Shown } from './layers.ts';
import { MemoryOrdersList } from './orders.tsx';

function Figures({ map, shown }: { readonly map: MemoryMap; readonly shown: Shown }) {
  const { t } = useTranslation();
  const hours = map.layers.find(({ light }) => light === shown.light)?.watchedHours ?? 0;
  const figures = [
    [t('memory.since'), map.since === null ? '—' : fullTime(map.since)],
    [t('memory.asOf'), map.at === null ? '—' : fullTime(map.at)],
    [t('memory.watched'), t('memory.hours', { n: hours.toFixed(1) })],
    [t('memory.raised'), t('memory.cells', { count: map.raised })],
    [t('memory.heldBack'), t('memory.events', { count: map.heldBack })],
  ] as const;
  return (
    <dl className="figures">
      {figures.map(([label, value]) => (
        <div className="figure" key={label}>
          <dt>{label}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Choice({ shown, onChoose }: { readonly shown: Shown; readonly onChoose: (shown: Shown) => void }) {
  const { t } = useTranslation();
  return (
    <div className="memory-choice">
      <Segmented
        aria-label={t('memory.light')}
        value={shown.light}
        options={memoryLights.map((light) => ({ value: light, label: t(`memory.${light}`) }))}
        onChange={(light) => onChoose({ ...shown, light })}
      />
      <Segmented
        aria-label={t('memory.thing')}
        value={shown.thing}
        options={memoryThings.map((thing) => ({ value: thing, label: t(`memory.${thing}`) }))}
        onChange={(thing) => onChoose({ ...shown, thing })}
      />
      {shown.thing !== 'stall' && <span className="muted">{t('memory.onlyStalls')}</span>}
    </div>
  );
}

type MemoryProps = { readonly view: CameraMemoryView; readonly map: MemoryMap; readonly zones: readonly ZoneConfig[] };

function Memory({ view, map, zones }: MemoryProps) {
  const { t } = useTranslation();
  const mayChange = maySupervise(useSession());
  const [chosen, setChosen] = useState<Shown | null>(null);
  const [selected, setSelected] = useState<ReadonlySet<number>>(new Set());
  const shown = chosen ?? firstShown(map);
  const cells = layerIn(map, shown)?.cells ?? [];
  const pick = (cell: number) => {
    const next = new Set(selected);
    if (!next.delete(cell)) next.add(cell);
    setSelected(next);
  };
  const onPick = mayChange ? pick : null;
  return (
    <>
      <p className="memory-lead">{map.enabled ? t('memory.lead', { sure: map.sureScore }) : t('memory.off')}</p>
      <Figures map={map} shown={shown} />
      <Choice shown={shown} onChoose={setChosen} />
      <HeatMap {...{ still: view.still, cells, zones, shown, selected, onPick }} />
      {mayChange ? (
        <Forget {...{ camera: view.camera, map, zones, selected }} onForgotten={() => setSelected(new Set())} />
      ) : (
        <p className="muted">{t('memory.viewerOnly')}</p>
      )}
      {cells.length === 0 ? (
        <EmptyView title={t('memory.empty')} />
      ) : (
        <CellTable {...{ cells, zones, selected, onPick }} />
      )}
    </>
  );
}

/** One camera's memory. */
export function MemoryPage() {
  const { t } = useTranslation();
  const { id = '' } = useParams();
  const read = useMemory(id);
  const camera = useCamera(id);
  const zones = camera?.zones ?? [];
  const view = read.data;
  return (
    <div className="page">
      <div className="page-head file-head">
        <div>
          <Link to="/nodes" className="back">
            ← {t('memory.back')}
          </Link>
          <h1>
            {t('memory.title')} · {inLanguage(camera?.name, id)} <span className="muted">{id}</span>
          </h1>
        </div>
      </div>
      {read.isPending && <LoadingView label={t('states.loading')} />}
      {read.isError && view === undefined && <FailureView error={read.error} onRetry={() => void read.refetch()} />}
      {view !== undefined && view.map === null && <EmptyView title={t('memory.none')} hint={t('memory.noneHint')} />}
      {view !== undefined && view.map !== null && <Memory view={view} map={view.map} zones={zones} />}
      {view !== undefined && <MemoryOrdersList orders={view.orders} zones={zones} />}
    </div>
  );
}
