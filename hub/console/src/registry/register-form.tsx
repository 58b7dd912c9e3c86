/** The form of one entry, beside the list: every field with its label, faults where they are, saved with Enter. */
import { useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { type FormEvent, useEffect, useId, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { keys } from '../api/keys.ts';
import { ApiProblem, describeProblem } from '../api/problem.ts';
import { request } from '../api/request.ts';
import { currentLanguage } from '../i18n/index.ts';
import { choiceWord, type FormFaults, type FormTexts, readForm, textsOf } from './field-text.ts';
import { PlacePicker } from './place-picker.tsx';
import type { RegisterField, RegistryEntry, Room } from './rooms.ts';

type FieldProps = {
  readonly field: RegisterField;
  readonly text: string;
  readonly fault: string | undefined;
  readonly fixed: boolean;
  readonly onChange: (text: string) => void;
};

function Control({ field, text, fault, fixed, onChange, id }: FieldProps & { readonly id: string }) {
  const { t } = useTranslation();
  const described = { id, 'aria-invalid': fault !== undefined, 'aria-describedby': `${id}-more` };
  const { kind, choices, shown } = field;
  if (shown) return <output id={id}>{text === '' ? '—' : text}</output>;
  if (kind === 'switch')
    return (
      <input
        {...described}
        type="checkbox"
        checked={text === 'true'}
        disabled={fixed}
        onChange={({ target }) => onChange(target.checked ? 'true' : '')}
      />
    );
  if (choices)
    return (
      <select {...described} value={text} disabled={fixed} onChange={({ target }) => onChange(target.value)}>
        <option value="">{t('registry.choose')}</option>
        {choices.values.map((value) => (
          <option key={value} value={value}>
            {choiceWord(field, value)}
          </option>
        ))}
      </select>
    );
  if (field.of !== undefined)
    return <PlacePicker {...{ of: field.of, id, text, onChange }} invalid={fault !== undefined} disabled={fixed} />;
  const shared = { ...described, value: text, disabled: fixed };
  if (kind === 'long' || kind === 'plates')
    return <Input.TextArea {...shared} autoSize={{ minRows: 2 }} onChange={({ target }) => onChange(target.value)} />;
  const type = kind === 'date' ? 'date' : kind === 'password' ? 'password' : 'text';
  return (
    <Input
      {...shared}
      type={type}
      autoComplete={kind === 'password' ? 'new-password' : 'off'}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}

function FormRow(props: FieldProps) {
  const { t, i18n } = useTranslation();
  const id = useId();
  const { field, fault } = props;
  const hint = field.kind !== undefined && i18n.exists(`registry.hint.${field.kind}`);
  return (
    <div className={fault === undefined ? 'form-row' : 'form-row form-row-bad'}>
      <label htmlFor={id}>
        {t(`registry.field.${field.word}`)}
        {field.required && <span aria-hidden="true"> *</span>}
      </label>
      <div>
        <Control {...props} id={id} />
        <div id={`${id}-more`} className="form-more">
          {fault !== undefined && <span role="alert">{fault}</span>}
          {fault === undefined && hint && <span className="muted">{t(`registry.hint.${field.kind}` as never)}</span>}
        </div>
      </div>
    </div>
  );
}

/** Faults of the hub at their fields; what belongs to none is shown below. */
function faultsFrom(room: Room, error: unknown): FormFaults {
  const told = error instanceof ApiProblem ? (error.problem?.errors ?? []) : [];
  const chinese = currentLanguage() === 'zh';
  return Object.fromEntries(
    told.flatMap(({ path, message, messageZh }) => {
      const plain = path.replace(/\[.*$/, '');
      const field = room.fields.find((one) => one.path === plain || one.path.startsWith(`${plain}.`));
      return field ? [[field.path, chinese ? (messageZh ?? message) : message]] : [];
    }),
  );
}

export type RegisterFormProps = {
  readonly room: Room;
  /** null: a new one. */
  readonly entry: RegistryEntry | null;
  readonly mayWrite: boolean;
  readonly onClose: () => void;
};

/** Texts and faults of the form, and saving it. */
function useForm({ room, entry, onClose }: RegisterFormProps) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const client = useQueryClient();
  const [texts, setTexts] = useState<FormTexts>(() => textsOf(room, entry));
  const [faults, setFaults] = useState<FormFaults>({});
  const [refusal, setRefusal] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    const result = readForm(room, entry, texts);
    setFaults('faults' in result ? result.faults : {});
    setRefusal(null);
    if ('faults' in result) return;
    setBusy(true);
    try {
      await request<void>(room.path, { method: 'PUT', body: result.body });
      await client.invalidateQueries({ queryKey: keys.register(room.path) });
      void message.success(t('registry.saved'));
      onClose();
    } catch (error) {
      setFaults(faultsFrom(room, error));
      setRefusal(describeProblem(error));
    } finally {
      setBusy(false);
    }
  }
  return { texts, setTexts, faults, refusal, busy, save };
}

/** Whoever may not write reads the same form. */
export function RegisterForm(props: RegisterFormProps) {
  const { room, entry, mayWrite, onClose } = props;
  const { t } = useTranslation();
  const { texts, setTexts, faults, refusal, busy, save } = useForm(props);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    form.current?.querySelector<HTMLElement>('input:enabled,select:enabled')?.focus();
    return () => {
      if (opener instanceof HTMLElement) opener.focus();
    };
  }, []);

  return (
    <section className="card register-form" aria-label={t('registry.form')}>
      <form
        ref={form}
        noValidate
        onSubmit={(event) => void save(event)}
        onKeyDown={({ key }) => key === 'Escape' && onClose()}
      >
        <h2>{entry === null ? t('registry.add') : t(mayWrite ? 'registry.edit' : 'registry.view')}</h2>
        {room.fields.map((field) => (
          <FormRow
            key={field.path}
            field={field}
            text={texts[field.path] ?? ''}
            fault={faults[field.path]}
            fixed={!mayWrite || (field.key === true && entry !== null)}
            onChange={(text) => setTexts({ ...texts, [field.path]: text })}
          />
        ))}
        {refusal !== null && (
          <p className="refusal" role="alert">
            {refusal}
          </p>
        )}
        <div className="form-end">
          {mayWrite && (
            <Button type="primary" htmlType="submit" loading={busy}>
              {t('registry.save')}
            </Button>
          )}
          <Button onClick={onClose}>{t('registry.close')}</Button>
        </div>
      </form>
    </section>
  );
}
