/** Importing a file: looked at first, every fault by row and column, then written whole or without the faulty rows. */
import { useQueryClient } from '@tanstack/react-query';
import { Button } from 'antd';
import { useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ImportFault, ImportResult } from '../../../../contracts/api/import.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { sendFile, withQuery } from '../api/request.ts';
import { currentLanguage } from '../i18n/index.ts';
import type { Room } from './rooms.ts';

/** Faults on the screen; the rest is counted. */
const SHOWN = 200;

function Faults({ faults }: { readonly faults: readonly ImportFault[] }) {
  const { t } = useTranslation();
  const chinese = currentLanguage() === 'zh';
  return (
    <div className="register-room">
      <table className="register-table">
        <caption>{t('registry.import.faults')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('registry.import.row')}</th>
            <th scope="col">{t('registry.import.column')}</th>
            <th scope="col">{t('registry.import.value')}</th>
            <th scope="col">{t('registry.import.correct')}</th>
          </tr>
        </thead>
        <tbody>
          {faults.slice(0, SHOWN).map(({ row, column, value, message, messageZh }) => (
            <tr key={`${row} ${column} ${message}`}>
              <th scope="row" className="num">
                {row}
              </th>
              <td>{column}</td>
              <td>{value}</td>
              <td className="wrap">{chinese ? messageZh : message}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {faults.length > SHOWN && <p className="muted">{t('registry.import.more', { count: faults.length - SHOWN })}</p>}
    </div>
  );
}

function Found({ result }: { readonly result: ImportResult }) {
  const { t } = useTranslation();
  const figures = [
    ['rows', result.rows],
    ['created', result.created],
    ['changed', result.changed],
    ['same', result.same],
    ['faulty', result.faulty],
  ] as const;
  return (
    <dl className="figures">
      {figures.map(([word, value]) => (
        <div className="figure" key={word}>
          <dt>{t(`registry.import.${word}`)}</dt>
          <dd className={word === 'faulty' && value > 0 ? 'num figure-bad' : 'num'}>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Sends the file; what the hub says of it is kept until another one is chosen. */
function useImport(room: Room) {
  const client = useQueryClient();
  const [file, setFile] = useState<File | null>(null);
  const [result, setResult] = useState<ImportResult | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function send(chosen: File, query: { readonly apply?: true; readonly skip?: true }): Promise<void> {
    setBusy(true);
    setRefusal(null);
    try {
      const path = withQuery(`/imports/${room.sheet ?? ''}`, query);
      // Read now: a file that is saved anew meanwhile must be looked at again.
      setResult(await sendFile<ImportResult>(path, chosen));
      if (query.apply) await client.invalidateQueries({ queryKey: keys.register(room.path) });
    } catch (error) {
      setResult(null);
      setRefusal(describeProblem(error));
    } finally {
      setBusy(false);
    }
  }
  function choose(chosen: File | null): void {
    setFile(chosen);
    setResult(null);
    setRefusal(null);
    if (chosen) void send(chosen, {});
  }
  return { file, result, refusal, busy, choose, send };
}

/** The panel beside the list. */
export function ImportPanel({ room, onClose }: { readonly room: Room; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const { file, result, refusal, busy, choose, send } = useImport(room);
  const good = result === null ? 0 : result.created + result.changed + result.same;
  const open = file !== null && result !== null && !result.applied;
  return (
    <section className="card register-form" aria-label={t('registry.import.title')}>
      <h2>{t('registry.import.title')}</h2>
      <p className="muted">{t('registry.import.lead')}</p>
      <div className="import-file">
        <label htmlFor={id}>{t('registry.import.file')}</label>
        <input
          id={id}
          type="file"
          accept=".csv,.xlsx"
          disabled={busy}
          onChange={({ target }) => choose(target.files?.[0] ?? null)}
        />
      </div>
      <div role="status">
        {busy && <p>{t('registry.import.busy')}</p>}
        {result?.applied && <p className="good">{t('registry.import.done', { count: good })}</p>}
        {result !== null && !result.applied && result.faulty === 0 && (
          <p className="good">{t('registry.import.sound')}</p>
        )}
      </div>
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      {result !== null && <Found result={result} />}
      {result !== null && result.faults.length > 0 && <Faults faults={result.faults} />}
      <div className="form-end">
        {open && result.faulty === 0 && (
          <Button type="primary" disabled={busy || good === 0} onClick={() => void send(file, { apply: true })}>
            {t('registry.import.apply', { count: good })}
          </Button>
        )}
        {open && result.faulty > 0 && (
          <Button disabled={busy || good === 0} onClick={() => void send(file, { apply: true, skip: true })}>
            {t('registry.import.skip', { count: good, faulty: result.faulty })}
          </Button>
        )}
        <Button onClick={onClose}>{t('registry.close')}</Button>
      </div>
    </section>
  );
}
