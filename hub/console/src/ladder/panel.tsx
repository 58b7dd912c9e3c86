/** What followed the notices of a case's site: bulletin, summons, credit, each by a named person; and its responsibility letter. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { LadderStepBody, LadderStepName, SiteLadder } from '../../../../contracts/api/ladder.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { mayDecide, maySupervise, useSession } from '../shell/session.tsx';
import { Letters } from './letters.tsx';

const pathOf = (site: string) => `/sites/${encodeURIComponent(site)}/ladder`;

/** The step is chosen by its button, once it is said why. */
function StepForm({ ladder }: { readonly ladder: SiteLadder }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [note, setNote] = useState('');
  const take = useMutation({
    mutationFn: (body: LadderStepBody) => request<SiteLadder>(pathOf(ladder.site), { method: 'POST', body }),
    onSuccess: (after) => {
      client.setQueryData(keys.ladder(ladder.site), after);
      setNote('');
    },
  });
  const give = (step: LadderStepName) => take.mutate({ step, note: note.trim() });
  return (
    <div className="order-officer">
      <Input
        value={note}
        maxLength={1000}
        placeholder={t('ladder.why')}
        aria-label={t('ladder.why')}
        onChange={(event) => setNote(event.target.value)}
      />
      {ladder.next.map((step) => (
        <Button
          key={step}
          size="small"
          disabled={note.trim() === ''}
          loading={take.isPending}
          onClick={() => give(step)}
        >
          {wireWord('ladder_step', step)}
        </Button>
      ))}
      {take.isError && (
        <p className="bad" role="alert">
          {describeProblem(take.error)}
        </p>
      )}
    </div>
  );
}

function Ladder({ site }: { readonly site: string }) {
  const { t } = useTranslation();
  const may = maySupervise(useSession());
  const read = useQuery({ queryKey: keys.ladder(site), queryFn: () => request<SiteLadder>(pathOf(site)) });
  const ladder = read.data;
  if (ladder === undefined) return null;
  return (
    <>
      <p className="muted">{t('ladder.counts', { notices: ladder.notices, overdue: ladder.overdue })}</p>
      <ul className="plain-list">
        {ladder.steps.map((step) => (
          <li key={`${step.at}/${step.step}`} className="plain-row">
            <strong>{wireWord('ladder_step', step.step)}</strong>
            <span>{step.by}</span>
            <span className="muted num">{fullTime(step.at)}</span>
            <span className="muted block">{step.note}</span>
          </li>
        ))}
      </ul>
      {may && ladder.next.length > 0 && <StepForm ladder={ladder} />}
    </>
  );
}

/** For operators and above, on cases of a site. */
export function SiteLadderPanel({ site }: { readonly site: string | null }) {
  const { t } = useTranslation();
  const session = useSession();
  if (site === null || !mayDecide(session)) return null;
  return (
    <section className="card">
      <h2>{t('ladder.title')}</h2>
      <Letters site={site} />
      <Ladder site={site} />
    </section>
  );
}
