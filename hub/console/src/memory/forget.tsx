/** Having a camera forget: chosen cells, a zone, everything; and bringing back what the last reset took. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CameraMemoryView, MemoryChange } from '../../../../contracts/api/memory.ts';
import type { MemoryMap } from '../../../../contracts/camera-memory.ts';
import type { ZoneConfig } from '../../../../contracts/zone.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { fullTime } from '../format/time.ts';
import { inLanguage } from '../i18n/index.ts';

/** Sends a change; what the hub answers is shown at once, the map when the node has done it. */
function useChange(camera: string) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [busy, setBusy] = useState(false);
  async function change(body: MemoryChange): Promise<void> {
    setBusy(true);
    try {
      const path = `/cameras/${encodeURIComponent(camera)}/memory`;
      client.setQueryData(keys.memory(camera), await request<CameraMemoryView>(path, { method: 'POST', body }));
      void message.success(t('memory.ordered'));
    } catch (error) {
      void message.error(t('memory.failed', { why: describeProblem(error) }));
    } finally {
      setBusy(false);
    }
  }
  return { busy, change };
}

export type ForgetProps = {
  readonly camera: string;
  readonly map: MemoryMap;
  readonly zones: readonly ZoneConfig[];
  readonly selected: ReadonlySet<number>;
  readonly onForgotten: () => void;
};

function ForgetZone({
  zones,
  busy,
  onForget,
}: {
  zones: readonly ZoneConfig[];
  busy: boolean;
  onForget: (zone: string) => void;
}) {
  const { t } = useTranslation();
  const [zone, setZone] = useState<string | null>(null);
  if (zones.length === 0) return null;
  return (
    <span className="forget-zone">
      <Select
        value={zone}
        onChange={setZone}
        placeholder={t('memory.zone')}
        aria-label={t('memory.zone')}
        options={zones.map(({ id, name }) => ({ value: id, label: inLanguage(name, id) }))}
      />
      <Button disabled={busy || zone === null} onClick={() => zone !== null && onForget(zone)}>
        {t('memory.forgetZone')}
      </Button>
    </span>
  );
}

/** For supervisors. */
export function Forget({ camera, map, zones, selected, onForgotten }: ForgetProps) {
  const { t } = useTranslation();
  const { busy, change } = useChange(camera);
  const cells = [...selected].sort((a, b) => a - b);
  const { forgotten } = map;
  return (
    <section className="card forget">
      <h2>{t('memory.forget')}</h2>
      <p className="muted">{t('memory.forgetHint')}</p>
      <div className="forget-row">
        <Button
          type="primary"
          disabled={busy || cells.length === 0}
          onClick={() => void change({ command: 'reset', cells }).then(onForgotten)}
        >
          {t('memory.forgetCells', { count: cells.length })}
        </Button>
        <ForgetZone zones={zones} busy={busy} onForget={(zone) => void change({ command: 'reset', zone })} />
        <Popconfirm
          title={t('memory.sure')}
          okText={t('memory.yes')}
          cancelText={t('memory.no')}
          onConfirm={() => void change({ command: 'reset' })}
        >
          <Button danger disabled={busy}>
            {t('memory.forgetAll')}
          </Button>
        </Popconfirm>
        {forgotten !== null && (
          <Button disabled={busy} onClick={() => void change({ command: 'restore' })}>
            {t('memory.restore', { count: forgotten.cells, at: fullTime(forgotten.at) })}
          </Button>
        )}
      </div>
    </section>
  );
}
