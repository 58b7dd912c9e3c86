/** The draft of a correction order as people fill it in: one line each for articles and requirements, two officers at least. */
import { Button, Input } from 'antd';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { CorrectionOrderFields } from '../../../../contracts/api/correction-order.ts';
import { fromField, toField } from '../format/time.ts';

const texts = ['orderNumber', 'party', 'reconsiderationBody', 'court'] as const;
const lists = ['legalBasis', 'requirements'] as const;
const OFFICERS = 2;

type Draft = Readonly<Record<(typeof texts)[number] | (typeof lists)[number] | 'deadline', string>> & {
  readonly officers: CorrectionOrderFields['officers'];
};

function draftOf(fields: CorrectionOrderFields): Draft {
  const blank = { name: '', certificate: '' };
  const officers = [...fields.officers, blank, blank].slice(0, Math.max(OFFICERS, fields.officers.length));
  return {
    ...{ orderNumber: fields.orderNumber ?? '', party: fields.party ?? '', court: fields.court ?? '' },
    ...{ reconsiderationBody: fields.reconsiderationBody ?? '', officers, deadline: toField(fields.deadline) },
    ...{ legalBasis: fields.legalBasis.join('\n'), requirements: fields.requirements.join('\n') },
  };
}

const linesOf = (text: string) =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');

/** @param deadline as it was, where none is typed */
function fieldsOf(draft: Draft, deadline: string): CorrectionOrderFields {
  const named = texts.flatMap((name) => (draft[name].trim() === '' ? [] : [[name, draft[name].trim()] as const]));
  return {
    ...Object.fromEntries(named),
    officers: draft.officers.filter(({ name, certificate }) => name.trim() !== '' && certificate.trim() !== ''),
    legalBasis: linesOf(draft.legalBasis),
    requirements: linesOf(draft.requirements),
    deadline: fromField(draft.deadline) ?? deadline,
  };
}

/** The words above a field; the field names itself for who cannot see them. */
function Field({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <span className="muted" aria-hidden="true">
        {label}
      </span>
      {children}
    </div>
  );
}

function OfficerRow(props: {
  readonly n: number;
  readonly officer: CorrectionOrderFields['officers'][number];
  readonly onChange: (officer: CorrectionOrderFields['officers'][number]) => void;
}) {
  const { t } = useTranslation();
  const { n, officer, onChange } = props;
  return (
    <div className="order-officer">
      <Input
        value={officer.name}
        maxLength={60}
        placeholder={t('order.officer', { n })}
        aria-label={t('order.officer', { n })}
        onChange={(event) => onChange({ ...officer, name: event.target.value })}
      />
      <Input
        value={officer.certificate}
        maxLength={40}
        placeholder={t('order.certificate', { n })}
        aria-label={t('order.certificate', { n })}
        onChange={(event) => onChange({ ...officer, certificate: event.target.value })}
      />
    </div>
  );
}

/** @param props `onSave` is given what was filled in; empty lines are left out */
export function OrderForm(props: {
  readonly fields: CorrectionOrderFields;
  readonly saving: boolean;
  readonly onSave: (fields: CorrectionOrderFields) => void;
}) {
  const { t } = useTranslation();
  const [draft, setDraft] = useState(() => draftOf(props.fields));
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  return (
    <form
      className="order-form"
      onSubmit={(event) => {
        event.preventDefault();
        props.onSave(fieldsOf(draft, props.fields.deadline));
      }}
    >
      {texts.map((name) => (
        <Field key={name} label={t(`order.${name}`)}>
          <Input
            aria-label={t(`order.${name}`)}
            value={draft[name]}
            maxLength={120}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        </Field>
      ))}
      <Field label={t('order.deadline')}>
        <Input
          type="datetime-local"
          required
          aria-label={t('order.deadline')}
          value={draft.deadline}
          onChange={(event) => set({ deadline: event.target.value })}
        />
      </Field>
      {lists.map((name) => (
        <Field key={name} label={t(`order.${name}`)}>
          <Input.TextArea
            required
            aria-label={t(`order.${name}`)}
            autoSize={{ minRows: 2, maxRows: 8 }}
            value={draft[name]}
            onChange={(event) => set({ [name]: event.target.value })}
          />
        </Field>
      ))}
      {draft.officers.map((officer, i) => (
        <OfficerRow
          // biome-ignore lint/suspicious/noArrayIndexKey: officers have a place in the document and no id
          key={i}
          n={i + 1}
          officer={officer}
          onChange={(own) => set({ officers: draft.officers.map((each, at) => (at === i ? own : each)) })}
        />
      ))}
      <Button htmlType="submit" type="primary" size="small" loading={props.saving}>
        {t('order.save')}
      </Button>
    </form>
  );
}
