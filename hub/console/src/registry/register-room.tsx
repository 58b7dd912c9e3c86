/** A register: its list, and beside it the form of one entry or an import. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApprovalBody } from '../../../../contracts/api/approval.ts';
import type { SheetKind } from '../../../../contracts/api/import.ts';
import { keys } from '../api/keys.ts';
import { apiUrl, request } from '../api/request.ts';
import { ExportGate } from '../approvals/gate.tsx';
import { useSession } from '../shell/session.tsx';
import { FailureView, LoadingView } from '../states/views.tsx';
import { ImportPanel } from './import-panel.tsx';
import { RegisterForm } from './register-form.tsx';
import { RegisterTable } from './register-table.tsx';
import { mayAs, type RegistryEntry, type Room } from './rooms.ts';

/** What a sheet is a list of. */
const things = {
  ...{ permits: 'permit', sites: 'site', carriers: 'carrier', 'stall-points': 'stall-point', cameras: 'camera' },
} as const satisfies Record<SheetKind, ApprovalBody['thing']>;

/** Beside the list: nothing, an import, or the form of an entry (null: a new one). */
type Beside = 'nothing' | 'import' | { readonly entry: RegistryEntry | null };

function Tools({ room, mayWrite, onShow }: { room: Room; mayWrite: boolean; onShow: (beside: Beside) => void }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { sheet } = room;
  return (
    <div className="register-actions">
      {sheet !== undefined && mayAs(user.role, 'supervisor') && (
        <ExportGate asked={{ action: 'export', thing: things[sheet], target: '*' }}>
          {(['xlsx', 'csv'] as const).map((format) => (
            <a key={format} href={apiUrl(`/${sheet}.${format}`)} download>
              {t('registry.export', { format: format.toUpperCase() })}
            </a>
          ))}
        </ExportGate>
      )}
      {mayWrite && sheet !== undefined && (
        <Button onClick={() => onShow('import')}>{t('registry.import.title')}</Button>
      )}
      {mayWrite && (
        <Button type="primary" onClick={() => onShow({ entry: null })}>
          {t('registry.add')}
        </Button>
      )}
    </div>
  );
}

type RegisterRoomProps = {
  readonly room: Room;
  /** Which of the entries belong here; left out: all. */
  readonly keep?: (entry: RegistryEntry) => boolean;
};

/** List and form of a register side by side. */
export function RegisterRoom({ room, keep = () => true }: RegisterRoomProps) {
  const { t } = useTranslation();
  const { user } = useSession();
  const [beside, setBeside] = useState<Beside>('nothing');
  const read = useQuery({ queryKey: keys.register(room.path), queryFn: () => request<RegistryEntry[]>(room.path) });
  // Registers are kept by those of the whole city.
  const mayWrite = mayAs(user.role, room.write) && user.scope === undefined;
  const close = () => setBeside('nothing');
  const entry = typeof beside === 'object' ? beside.entry : null;
  return (
    <>
      <Tools room={room} mayWrite={mayWrite} onShow={setBeside} />
      <div className={beside === 'nothing' ? 'register' : 'register register-split'}>
        <div className="register-list">
          {read.isPending && <LoadingView label={t('states.loading')} />}
          {read.isError && read.data === undefined && (
            <FailureView error={read.error} onRetry={() => void read.refetch()} />
          )}
          {read.data !== undefined && (
            <RegisterTable
              {...{ room, chosen: entry, entries: read.data.filter(keep) }}
              onChoose={(chosen) => setBeside({ entry: chosen })}
            />
          )}
        </div>
        {beside === 'import' && <ImportPanel room={room} onClose={close} />}
        {typeof beside === 'object' && (
          <RegisterForm key={JSON.stringify(entry)} {...{ room, entry, mayWrite }} onClose={close} />
        )}
      </div>
    </>
  );
}
