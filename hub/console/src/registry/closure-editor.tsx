/** The next version of the closure codes: codes added, renamed or retired, put in force as a whole. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ClosureCode, ClosureList } from '../../../../contracts/api/closure.ts';
import { keys } from '../api/keys.ts';
import { describeProblem, isProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { wireWord } from '../i18n/index.ts';

const outcomes = ['service', 'management', 'enforcement'] as const;
const CODE = /^[a-z0-9][a-z0-9-]{0,38}$/;

/** Its key stays while its code is typed. */
type Line = ClosureCode & { readonly key: number; readonly fresh: boolean };

function isComplete(lines: readonly Line[]): boolean {
  const codes = lines.map(({ code }) => code);
  const sound = lines.every(({ code, title }) => CODE.test(code) && title.zh.trim() !== '' && title.en.trim() !== '');
  return lines.length > 0 && sound && new Set(codes).size === codes.length;
}

type LineProps = {
  readonly line: Line;
  readonly onChange: (change: Partial<ClosureCode>) => void;
  readonly onRetire: () => void;
};

/** A code that was in force keeps its name: cases are filed under it. */
function CodeLine({ line, onChange, onRetire }: LineProps) {
  const { t } = useTranslation();
  const { code, title, outcome, fresh } = line;
  const named = (word: 'code' | 'zh' | 'en' | 'outcome') => `${t(`registry.closure.${word}`)} ${code}`;
  return (
    <tr>
      <th scope="row">
        {fresh ? (
          <Input
            aria-label={named('code')}
            value={code}
            maxLength={39}
            onChange={({ target }) => onChange({ code: target.value.trim() })}
          />
        ) : (
          code
        )}
      </th>
      {(['zh', 'en'] as const).map((language) => (
        <td key={language}>
          <Input
            aria-label={named(language)}
            value={title[language]}
            maxLength={120}
            onChange={({ target }) => onChange({ title: { ...title, [language]: target.value } })}
          />
        </td>
      ))}
      <td>
        <select
          aria-label={named('outcome')}
          value={outcome}
          onChange={({ target }) => onChange({ outcome: target.value as ClosureCode['outcome'] })}
        >
          {outcomes.map((one) => (
            <option key={one} value={one}>
              {wireWord('outcome', one)}
            </option>
          ))}
        </select>
      </td>
      <td>
        <Button size="small" onClick={onRetire}>
          {fresh ? t('registry.closure.drop') : t('registry.closure.retire', { code })}
        </Button>
      </td>
    </tr>
  );
}

/** What is sent, and what came of it. */
function useNextVersion({ version }: ClosureList, onClose: () => void) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [refusal, setRefusal] = useState<string | null>(null);
  const save = async (lines: readonly Line[]) => {
    if (!isComplete(lines)) {
      setRefusal(t('registry.closure.incomplete'));
      return;
    }
    const codes = lines.map(({ code, title, outcome }) => ({ code, title, outcome }));
    try {
      await request<void>('/closure-codes', { method: 'POST', body: { codes }, ifMatch: version });
      void message.success(t('registry.closure.saved', { version: version + 1 }));
      onClose();
    } catch (error) {
      setRefusal(isProblem(error, 'API_VERSION') ? t('registry.closure.quicker') : describeProblem(error));
    }
    await client.invalidateQueries({ queryKey: keys.closureCodes });
  };
  return { refusal, save };
}

/** @param props.list the version that it begins with */
export function ClosureEditor({ list, onClose }: { readonly list: ClosureList; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const [lines, setLines] = useState<readonly Line[]>(() =>
    list.codes.map((code, key) => ({ ...code, key, fresh: false })),
  );
  const { refusal, save } = useNextVersion(list, onClose);
  const change = (key: number, by: Partial<ClosureCode>) =>
    setLines((before) => before.map((line) => (line.key === key ? { ...line, ...by } : line)));
  const add = () =>
    setLines((before) => {
      const key = Math.max(-1, ...before.map((line) => line.key)) + 1;
      return [...before, { key, fresh: true, code: '', title: { zh: '', en: '' }, outcome: 'management' }];
    });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void save(lines);
  };
  return (
    <form className="closure-form" noValidate onSubmit={submit}>
      <div className="register-room">
        <table className="register-table">
          <tbody>
            {lines.map((line) => (
              <CodeLine
                key={line.key}
                line={line}
                onChange={(by) => change(line.key, by)}
                onRetire={() => setLines(lines.filter(({ key }) => key !== line.key))}
              />
            ))}
          </tbody>
        </table>
      </div>
      {refusal !== null && (
        <p className="refusal" role="alert">
          {refusal}
        </p>
      )}
      <div className="form-end">
        <Button onClick={add}>{t('registry.closure.addCode')}</Button>
        <Button type="primary" htmlType="submit">
          {t('registry.closure.save', { version: list.version + 1 })}
        </Button>
        <Button onClick={onClose}>{t('file.cancel')}</Button>
      </div>
    </form>
  );
}
