/** `/registry/approvals`: what waits for a second person, and what became of it. */
import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ApprovalView } from '../../../../contracts/api/approval.ts';
import { describeProblem } from '../api/problem.ts';
import { fullTime } from '../format/time.ts';
import { mayAs } from '../registry/rooms.ts';
import { useSession } from '../shell/session.tsx';
import { EmptyView, FailureView, LoadingView } from '../states/views.tsx';
import { AskForm } from './gate.tsx';
import { useApprovalCommands, useApprovals, useFourEyes } from './reads.ts';

function What({ row }: { readonly row: ApprovalView }) {
  const { t } = useTranslation();
  const name = `${t(`approvals.action.${row.action}`)} · ${t(`registry.thing.${row.thing}`)}`;
  const target = row.target === '*' ? '' : (row.number ?? row.target);
  return (
    <>
      {name} {row.thing === 'case' ? <Link to={`/cases/${encodeURIComponent(row.target)}`}>{target}</Link> : target}
      <span className="block">{row.reason}</span>
    </>
  );
}

function Decision({ row }: { readonly row: ApprovalView }) {
  const { t } = useTranslation();
  const { user } = useSession();
  const { message } = App.useApp();
  const { decide } = useApprovalCommands();
  const give = (command: 'approve' | 'refuse') =>
    void decide(row.id, command).catch((error: unknown) => message.error(describeProblem(error)));
  if (row.mayDecide)
    return (
      <span className="approval-buttons">
        <Button size="small" type="primary" onClick={() => give('approve')}>
          {t('approvals.approve')}
        </Button>
        <Button size="small" danger onClick={() => give('refuse')}>
          {t('approvals.refuse')}
        </Button>
      </span>
    );
  if (row.state === 'waiting' && row.requestedBy === user.name)
    return <span className="muted">{t('approvals.own')}</span>;
  return <>{row.decidedBy ?? '—'}</>;
}

function Rows({ rows }: { readonly rows: readonly ApprovalView[] }) {
  const { t } = useTranslation();
  const words = ['what', 'who', 'when', 'until', 'state', 'decided'] as const;
  return (
    <div className="register-room">
      <table className="register-table">
        <thead>
          <tr>
            {words.map((word) => (
              <th key={word} scope="col">
                {t(`approvals.${word}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <td className="wrap">
                <What row={row} />
              </td>
              <td>{row.requestedBy}</td>
              <td className="num">{fullTime(row.requestedAt)}</td>
              <td className="num">{fullTime(row.expiresAt)}</td>
              <td>{t(`approvals.states.${row.state}`)}</td>
              <td>
                <Decision row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Nodes are removed at the command line: an administrator asks for it here. */
function AskToRemove() {
  const { t } = useTranslation();
  const { user } = useSession();
  const [asking, setAsking] = useState(false);
  if (!useFourEyes('delete') || !mayAs(user.role, 'admin')) return null;
  const asked = { action: 'delete', thing: 'node', target: '' } as const;
  return asking ? (
    <AskForm asked={asked} label={t('approvals.node')} onClose={() => setAsking(false)} />
  ) : (
    <p>
      <Button onClick={() => setAsking(true)}>{t('approvals.askDelete')}</Button>
    </p>
  );
}

/** For supervisors and administrators of a hub that asks for a second person. */
export function ApprovalsRoom() {
  const { t } = useTranslation();
  const { fourEyes = [] } = useSession();
  const read = useApprovals();
  const actions = fourEyes.map((action) => t(`approvals.action.${action}`)).join(', ');
  return (
    <>
      <p className="muted">{t('approvals.lead', { actions })}</p>
      <AskToRemove />
      {read.isPending && <LoadingView label={t('states.loading')} />}
      {read.isError && <FailureView error={read.error} onRetry={() => void read.refetch()} />}
      {read.data?.length === 0 && <EmptyView title={t('approvals.none')} />}
      {read.data !== undefined && read.data.length > 0 && <Rows rows={read.data} />}
    </>
  );
}
