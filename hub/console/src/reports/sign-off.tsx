/** Whether the month is signed, by whom, which version is shown; signing it; its files. */
import { DownloadOutlined, EditOutlined } from '@ant-design/icons';
import { App, Button, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonthlyReport, ReportSignature } from '../../../../contracts/api/report.ts';
import { describeProblem } from '../api/problem.ts';
import { apiUrl } from '../api/request.ts';
import { fullTime } from '../format/time.ts';
import { currentLanguage } from '../i18n/index.ts';
import { maySupervise, placesOf, useSession } from '../shell/session.tsx';
import { reportPath, useSign } from './reads.ts';

function SignDialog({ report, next, onDone }: { report: MonthlyReport; next: number; onDone: () => void }) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const sign = useSign();
  const [note, setNote] = useState('');
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const needsNote = next > 1;
  const submit = async () => {
    setBusy(true);
    setFailure(null);
    try {
      const body = { month: report.month, digest: report.digest };
      await sign(note.trim() === '' ? body : { ...body, note: note.trim() });
      void message.success(t('reports.signedNow', { version: next }));
      onDone();
    } catch (error) {
      setFailure(describeProblem(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title={t('reports.signTitle', { month: report.month, version: next })}
      okText={t('reports.sign')}
      cancelText={t('reports.cancel')}
      okButtonProps={{ disabled: needsNote && note.trim() === '', loading: busy }}
      onOk={() => void submit()}
      onCancel={onDone}
    >
      <p>{t('reports.signHint')}</p>
      <label className="sign-note" htmlFor="sign-note">
        {t(needsNote ? 'reports.noteNeeded' : 'reports.note')}
      </label>
      <Input.TextArea
        id="sign-note"
        rows={3}
        maxLength={500}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {failure !== null && (
        <p className="sign-failure" role="alert">
          {failure}
        </p>
      )}
    </Modal>
  );
}

function Standing({ report }: { readonly report: MonthlyReport }) {
  const { t } = useTranslation();
  const { signature } = report;
  if (signature === null)
    return (
      <p className="standing standing-provisional" role="status">
        {report.scope && <strong>{t('access.confined', { places: placesOf(report.scope).join('、') })} · </strong>}
        <strong>{t('reports.provisional')}</strong>{' '}
        {t(report.complete ? 'reports.provisionalHint' : 'reports.runningHint', { at: fullTime(report.madeAt) })}
      </p>
    );
  const { version, name, at, note, hash } = signature;
  return (
    <p className="standing standing-signed" role="status">
      <strong>{t('reports.signedBy', { version, name, at: fullTime(at) })}</strong>
      {note !== null && <span> {note}</span>}
      <code className="hash" title={hash}>
        {' '}
        {hash.slice(0, 16)}…
      </code>
    </p>
  );
}

const formats = ['xlsx', 'pdf', 'csv'] as const;

type Props = {
  readonly report: MonthlyReport;
  readonly versions: readonly ReportSignature[];
  readonly version: number | undefined;
  readonly onVersion: (version: number | undefined) => void;
};

/** The bar below the title. */
export function SignOff({ report, versions, version, onVersion }: Props) {
  const { t } = useTranslation();
  const session = useSession();
  const [signing, setSigning] = useState(false);
  const shown = report.signature?.version ?? 0;
  const file = (format: string) =>
    apiUrl(reportPath(report.month, { format, version: shown, lang: currentLanguage() }));
  return (
    <div className="sign-off">
      <Standing report={report} />
      <div className="sign-off-actions">
        {versions.length > 0 && (
          <Select
            aria-label={t('reports.version')}
            className="version-choice"
            value={version ?? versions.at(-1)?.version ?? 0}
            options={[
              ...versions.map((one) => ({
                value: one.version,
                label: t('reports.versionOf', { version: one.version }),
              })),
              { value: 0, label: t('reports.asNow') },
            ]}
            onChange={(value: number) => onVersion(value)}
          />
        )}
        {formats.map((format) => (
          <a key={format} className="download" href={file(format)} download>
            <DownloadOutlined aria-hidden="true" /> {format.toUpperCase()}
          </a>
        ))}
        {maySupervise(session) && !report.scope && report.signature === null && report.complete && (
          <Button type="primary" icon={<EditOutlined aria-hidden="true" />} onClick={() => setSigning(true)}>
            {t('reports.sign')}
          </Button>
        )}
      </div>
      {signing && (
        <SignDialog
          report={report}
          next={versions.length + 1}
          onDone={() => {
            setSigning(false);
            onVersion(undefined);
          }}
        />
      )}
    </div>
  );
}
