/** Responsibility letters of a site: the one that holds, or that none was signed; a supervisor records one with its file. */
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ResponsibilityLetter, ResponsibilityLetterBody } from '../../../../contracts/api/ladder.ts';
import { keys } from '../api/keys.ts';
import { describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { maySupervise, useSession } from '../shell/session.tsx';
import { evidenceUrl } from '../stills/picture.tsx';

const pathOf = (site: string) => `/sites/${encodeURIComponent(site)}/letters`;

/** The file as the API takes it. */
function dataUrl(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error ?? new Error('the file cannot be read'));
    reader.readAsDataURL(file);
  });
}

function LetterForm({ site, onDone }: { readonly site: string; readonly onDone: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [number, setNumber] = useState('');
  const [signedOn, setSignedOn] = useState('');
  const [signatory, setSignatory] = useState('');
  const [file, setFile] = useState<File | null>(null);
  const record = useMutation({
    mutationFn: async () => {
      const body: ResponsibilityLetterBody = { number: number.trim(), signedOn, signatory: signatory.trim() };
      const own = file === null ? body : { ...body, file: await dataUrl(file) };
      return request<ResponsibilityLetter[]>(pathOf(site), { method: 'POST', body: own });
    },
    onSuccess: (letters) => {
      client.setQueryData(keys.letters(site), letters);
      onDone();
    },
  });
  return (
    <form
      className="order-officer"
      onSubmit={(event) => {
        event.preventDefault();
        record.mutate();
      }}
    >
      <Input
        required
        maxLength={64}
        value={number}
        placeholder={t('ladder.letterNumber')}
        aria-label={t('ladder.letterNumber')}
        onChange={(event) => setNumber(event.target.value)}
      />
      <Input
        required
        maxLength={60}
        value={signatory}
        placeholder={t('ladder.signatory')}
        aria-label={t('ladder.signatory')}
        onChange={(event) => setSignatory(event.target.value)}
      />
      <Input
        required
        type="date"
        value={signedOn}
        aria-label={t('ladder.signedOn')}
        onChange={(event) => setSignedOn(event.target.value)}
      />
      <input
        type="file"
        accept="application/pdf,image/jpeg,image/png"
        aria-label={t('ladder.letterFile')}
        onChange={(event) => setFile(event.target.files?.[0] ?? null)}
      />
      <Button htmlType="submit" size="small" loading={record.isPending}>
        {t('ladder.record')}
      </Button>
      {record.isError && (
        <p className="bad" role="alert">
          {describeProblem(record.error)}
        </p>
      )}
    </form>
  );
}

/** In a line of its own; nothing while it is asked for. */
export function Letters({ site }: { readonly site: string }) {
  const { t } = useTranslation();
  const may = maySupervise(useSession());
  const [open, setOpen] = useState(false);
  const read = useQuery({
    queryKey: keys.letters(site),
    queryFn: () => request<ResponsibilityLetter[]>(pathOf(site)),
  });
  const [letter] = read.data ?? [];
  if (read.data === undefined) return null;
  return (
    <div className="plain-row">
      <strong>{t('ladder.letter')}</strong>
      {letter === undefined ? (
        <span className="bad">{t('ladder.unsigned')}</span>
      ) : (
        <span>
          {letter.number} · {letter.signedOn} · {letter.signatory}{' '}
          {letter.sha256 !== null && (
            <a href={evidenceUrl(letter.sha256)} target="_blank" rel="noreferrer" title={letter.sha256}>
              {t('ladder.letterFile')}
            </a>
          )}
        </span>
      )}
      {may && (
        <Button size="small" aria-expanded={open} onClick={() => setOpen(!open)}>
          {t('ladder.record')}
        </Button>
      )}
      {open && <LetterForm site={site} onDone={() => setOpen(false)} />}
    </div>
  );
}
