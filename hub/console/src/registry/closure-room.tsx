/** Closure codes: the list in force, the versions before it, and the making of the next one. */
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClosureList } from '../../../../contracts/api/closure.ts';
import { useClosureLists } from '../api/limits.ts';
import { fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { maySupervise, useSession } from '../shell/session.tsx';
import { FailureView, LoadingView } from '../states/views.tsx';
import { ClosureEditor } from './closure-editor.tsx';

function Codes({ list }: { readonly list: ClosureList }) {
  const { t } = useTranslation();
  return (
    <div className="register-room">
      <table className="register-table">
        <thead>
          <tr>
            {(['code', 'zh', 'en', 'outcome'] as const).map((word) => (
              <th key={word} scope="col">
                {t(`registry.closure.${word}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {list.codes.map(({ code, title, outcome }) => (
            <tr key={code}>
              <th scope="row">{code}</th>
              <td>{title.zh}</td>
              <td>{title.en}</td>
              <td>{wireWord('outcome', outcome)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Who made a version and when, and which codes of the one before it has no more. */
function Origin({ list, before }: { readonly list: ClosureList; readonly before: ClosureList | undefined }) {
  const { t } = useTranslation();
  const kept = new Set(list.codes.map(({ code }) => code));
  const retired = (before?.codes ?? []).map(({ code }) => code).filter((code) => !kept.has(code));
  return (
    <p className="muted">
      {list.since === null
        ? t('registry.closure.shipped')
        : t('registry.closure.since', { name: list.by ?? '', at: fullTime(list.since) })}
      {retired.length > 0 && ` · ${t('registry.closure.retired', { codes: retired.join('、') })}`}
    </p>
  );
}

/** A case keeps the version that it was closed by; so none is ever changed. */
export function ClosureRoom() {
  const { t } = useTranslation();
  const may = maySupervise(useSession());
  const [making, setMaking] = useState(false);
  const lists = useClosureLists();
  const [newest, ...older] = lists.data ?? [];
  if (newest === undefined)
    return lists.isError ? (
      <FailureView error={lists.error} onRetry={() => void lists.refetch()} />
    ) : (
      <LoadingView label={t('states.loading')} />
    );
  return (
    <>
      <p className="muted">{t('registry.closure.lead')}</p>
      <h2>{t('registry.closure.current', { version: newest.version })}</h2>
      <Origin list={newest} before={older[0]} />
      {making ? (
        <ClosureEditor key={newest.version} list={newest} onClose={() => setMaking(false)} />
      ) : (
        <Codes list={newest} />
      )}
      {may && !making && (
        <Button type="primary" onClick={() => setMaking(true)}>
          {t('registry.closure.make')}
        </Button>
      )}
      {older.map((list, i) => (
        <details key={list.version} className="older-version">
          <summary>{t('registry.closure.version', { version: list.version })}</summary>
          <Origin list={list} before={older[i + 1]} />
          <Codes list={list} />
        </details>
      ))}
    </>
  );
}
