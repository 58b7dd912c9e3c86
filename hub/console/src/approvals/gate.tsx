/** Before an export that needs a second person: ask, wait, then export once; elsewhere what it holds as it is. */
import { Button, Input } from 'antd';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import type { ApprovalBody } from '../../../../contracts/api/approval.ts';
import { describeProblem } from '../api/problem.ts';
import { fullTime } from '../format/time.ts';
import { useApprovalCommands, useFourEyes, useOwnApproval } from './reads.ts';

type Asked = Omit<ApprovalBody, 'reason'>;

/** @param fixed the target where it is known; else it is asked for under this label */
export function AskForm({ asked, label, onClose }: { asked: Asked; label?: string; onClose: () => void }) {
  const { t } = useTranslation();
  const { ask } = useApprovalCommands();
  const id = useId();
  const [reason, setReason] = useState('');
  const [target, setTarget] = useState(asked.target);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setRefusal(null);
    try {
      await ask({ ...asked, target: target.trim(), reason: reason.trim() });
      onClose();
    } catch (error) {
      setRefusal(describeProblem(error));
    } finally {
      setBusy(false);
    }
  }
  const isWhole = reason.trim() !== '' && target.trim() !== '';
  return (
    <form className="card approval-form" onSubmit={(event) => void submit(event)}>
      {label !== undefined && (
        <>
          <label htmlFor={`${id}-target`}>{label}</label>
          <Input id={`${id}-target`} value={target} maxLength={64} onChange={({ target: at }) => setTarget(at.value)} />
        </>
      )}
      <label htmlFor={id}>{t('approvals.reason')}</label>
      <Input
        id={id}
        autoFocus
        maxLength={300}
        value={reason}
        placeholder={t('approvals.reasonHint')}
        onChange={({ target: at }) => setReason(at.value)}
      />
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div className="form-end">
        <Button type="primary" htmlType="submit" loading={busy} disabled={!isWhole}>
          {t('approvals.send')}
        </Button>
        <Button onClick={onClose}>{t('approvals.cancel')}</Button>
      </div>
    </form>
  );
}

function AskedGate({ asked, children }: { readonly asked: Asked; readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const own = useOwnApproval(asked.action, asked.thing, asked.target);
  const { refresh } = useApprovalCommands();
  if (own?.state === 'approved')
    return (
      // The approval is used with the request that the link makes.
      <span className="approval-line" role="status" onClickCapture={() => setTimeout(() => void refresh(), 1500)}>
        <span className="good">{t('approvals.ready', { by: own.decidedBy, until: fullTime(own.expiresAt) })}</span>{' '}
        {children}
      </span>
    );
  if (own?.state === 'waiting')
    return (
      <span className="approval-line" role="status">
        {t('approvals.waits', { until: fullTime(own.expiresAt) })}{' '}
        <Link to="/registry/approvals">{t('approvals.open')}</Link>
      </span>
    );
  return (
    <span className="approval-line">
      {own?.state === 'refused' && <span className="muted">{t('approvals.refusedNow', { by: own.decidedBy })}</span>}
      {asking ? (
        <AskForm asked={asked} onClose={() => setAsking(false)} />
      ) : (
        <Button size="small" onClick={() => setAsking(true)}>
          {t('approvals.ask')}
        </Button>
      )}
    </span>
  );
}

/** @param props `children`: the links of the export */
export function ExportGate({ asked, children }: { readonly asked: Asked; readonly children: ReactNode }) {
  return useFourEyes('export') ? <AskedGate asked={asked}>{children}</AskedGate> : children;
}
