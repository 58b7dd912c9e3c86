/** Matters of the filing tables with their limits: which limit applies to what, and the tables to edit. */
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LimitInForce, LimitView } from '../../../../contracts/api/limit.ts';
import { useLimits } from '../api/limits.ts';
import { fullTime } from '../format/time.ts';
import { FailureView, LoadingView } from '../states/views.tsx';
import { kindWord, reasonWord } from './field-text.ts';
import { RegisterRoom } from './register-room.tsx';
import { mattersOf } from './rooms.ts';

function InForceRow({ line }: { readonly line: LimitInForce }) {
  const { t } = useTranslation();
  const { kind, reason, limit, from, dueAt } = line;
  return (
    <tr>
      <th scope="row">{kindWord(kind)}</th>
      <td>{reason === null ? t('registry.limits.anyReason') : reasonWord(kind, reason)}</td>
      <td>
        <span className="num">{limit.amount}</span> {t(`registry.choice.limitUnit.${limit.unit}`)}
      </td>
      <td className={from === 'entry' ? 'muted' : ''}>{t(`registry.limits.${from}`)}</td>
      <td className="num">{fullTime(dueAt)}</td>
    </tr>
  );
}

function InForce({ view }: { readonly view: LimitView }) {
  const { t } = useTranslation();
  const { scheme, escalation, closureCode, inForce } = view;
  const columns = ['kind', 'reason', 'limit', 'from', 'due'] as const;
  return (
    <section className="limits-in-force">
      <p className="muted">{t('registry.limits.lead', { scheme })}</p>
      <div className="register-room">
        <table className="register-table">
          <caption>{t('registry.limits.inForce')}</caption>
          <thead>
            <tr>
              {columns.map((word) => (
                <th key={word} scope="col">
                  {t(`registry.limits.${word}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {inForce.map((line) => (
              <InForceRow key={`${line.kind} ${line.reason}`} line={line} />
            ))}
          </tbody>
        </table>
      </div>
      <p className="muted">
        {escalation.length === 0
          ? t('registry.limits.never')
          : t('registry.limits.escalation', { minutes: escalation.join(' / ') })}
        {' · '}
        {t(`registry.limits.${closureCode}`)}
      </p>
    </section>
  );
}

/** Both tables can be edited; one counts. */
export function MattersRoom() {
  const { t } = useTranslation();
  const limits = useLimits();
  const [chosen, setChosen] = useState<string | null>(null);
  if (limits.data === undefined)
    return limits.isError ? (
      <FailureView error={limits.error} onRetry={() => void limits.refetch()} />
    ) : (
      <LoadingView label={t('states.loading')} />
    );
  const { scheme, schemes } = limits.data;
  const shown = chosen ?? scheme;
  return (
    <>
      <InForce view={limits.data} />
      <div className="scheme-tabs">
        {/* biome-ignore lint/a11y/useSemanticElements: a row of toggle buttons is no form fieldset */}
        <div className="lanes" role="group" aria-label={t('registry.limits.scheme')}>
          {schemes.map((one) => (
            <button
              key={one}
              type="button"
              className="lane"
              aria-pressed={one === shown}
              onClick={() => setChosen(one)}
            >
              {one === scheme ? t('registry.limits.counts', { scheme: one }) : one}
            </button>
          ))}
        </div>
        <RegisterRoom key={shown} room={mattersOf(shown)} keep={(entry) => entry.scheme === shown} />
      </div>
    </>
  );
}
