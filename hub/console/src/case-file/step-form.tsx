/** The form of one step, made from what its command asks for. */
import { Button, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { type CaseCommandName, type CaseDetail, rejectReasons } from '../../../../contracts/api/case.ts';
import { useLimits } from '../api/limits.ts';
import { dayTime, fromField, toField } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { ClosureSelect } from './closure-select.tsx';
import { MergeTarget } from './merge-target.tsx';
import { type Field, type FieldName, stepFields } from './step-fields.ts';

export type StepValues = Readonly<Record<string, unknown>>;

const outcomes = ['service', 'management', 'enforcement'] as const;
const results = ['start', 'pass', 'fail'] as const;
const answers = ['upheld', 'dismissed'] as const;

function choices(group: 'reason' | 'outcome' | 'result' | 'answer', values: readonly string[]) {
  return values.map((value) => ({ value, label: wireWord(group, value) }));
}

type UntilProps = {
  readonly id?: string;
  readonly value?: string;
  readonly onChange?: (value: string | undefined) => void;
};

/** Day and time by the office's clock; the form has the instant. */
export function Until({ id, value, onChange }: UntilProps) {
  return (
    <Input
      id={id}
      type="datetime-local"
      value={toField(value)}
      onChange={(event) => onChange?.(fromField(event.target.value))}
    />
  );
}

function FieldInput({ field, detail, ...rest }: { readonly field: Field; readonly detail: CaseDetail }) {
  // `rest` carries value, onChange and id from the form.
  switch (field.name) {
    case 'reason':
      return <Select {...rest} options={choices('reason', rejectReasons)} />;
    case 'outcome':
      return <Select {...rest} options={choices('outcome', outcomes)} />;
    case 'closure':
      return <ClosureSelect {...rest} />;
    case 'result':
      return <Select {...rest} options={choices('result', results)} />;
    case 'answer':
      return <Select {...rest} options={choices('answer', answers)} />;
    case 'until':
      return <Until {...rest} />;
    case 'events': {
      const options = detail.events.map((event) => ({ value: event.id, label: dayTime(event.startedAt) }));
      return <Select {...rest} mode="multiple" options={options} />;
    }
    case 'note':
    case 'override':
      return <Input.TextArea {...rest} autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} />;
    case 'plate':
      return <Input {...rest} maxLength={16} />;
    case 'unit':
      return <Input {...rest} maxLength={120} />;
    case 'into':
      return <MergeTarget {...rest} detail={detail} />;
  }
}

const typesText = (name: FieldName) => name === 'note' || name === 'unit' || name === 'into';

type StepFormProps = {
  readonly name: CaseCommandName;
  readonly detail: CaseDetail;
  readonly plate: string | null;
  readonly busy: boolean;
  readonly onCancel: () => void;
  readonly onSend: (values: StepValues) => void;
};

/** The fields of one command; a plate only where the violation has one. */
export function StepForm({ name, detail, plate, busy, onCancel, onSend }: StepFormProps) {
  const { t } = useTranslation();
  const closes = useLimits().data?.closureCode === 'required';
  const fields = stepFields[name]
    .filter((field) => field.name !== 'plate' || plate !== null)
    .map((field) => (field.name === 'closure' ? { ...field, required: closes } : field));
  return (
    <Form
      className="step-form"
      layout="vertical"
      name={`step-${name}`}
      initialValues={plate === null ? {} : { plate }}
      onFinish={onSend}
    >
      {fields.map((field) => (
        <Form.Item
          key={field.name}
          name={field.name}
          label={t(`field.${field.name}`)}
          rules={
            field.required ? [{ required: true, whitespace: typesText(field.name), message: t('file.required') }] : []
          }
        >
          <FieldInput field={field} detail={detail} />
        </Form.Item>
      ))}
      <div className="step-row">
        <Button type="primary" htmlType="submit" loading={busy}>
          {t('file.submit')}
        </Button>
        <Button onClick={onCancel}>{t('file.cancel')}</Button>
      </div>
    </Form>
  );
}
