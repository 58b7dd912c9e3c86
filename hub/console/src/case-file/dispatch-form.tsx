/** The form of a dispatch: the roster's answer first, and a reason where the unit chosen is off duty. */
import { Alert, Button, Form, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import type { DutyOffer } from '../../../../contracts/api/unit.ts';
import { describeProblem } from '../api/problem.ts';
import { useDuty } from '../api/units.ts';
import { dayTime } from '../format/time.ts';
import { i18n, inLanguage, wireWord } from '../i18n/index.ts';
import { LoadingView } from '../states/views.tsx';
import type { StepValues } from './step-form.tsx';

const minute = (at: string | null) => (at === null ? '—' : dayTime(at).slice(0, -3));

function dutyWords({ duty, handlesKind, depth }: DutyOffer): string {
  const words = [
    duty.onDuty
      ? i18n.t('duty.on', { shift: duty.shift ?? '', until: minute(duty.until) })
      : duty.next === null
        ? i18n.t('duty.off')
        : i18n.t('duty.offNext', { next: minute(duty.next) }),
    handlesKind ? null : i18n.t('duty.otherKind'),
    depth > 0 ? null : i18n.t('duty.otherArea'),
  ];
  return words.filter((word) => word !== null).join(' · ');
}

function optionsOf(offers: readonly DutyOffer[]) {
  return offers.map((offer) => ({
    value: offer.unit,
    label: `${inLanguage(offer.name, offer.unit)}（${wireWord('unitKind', offer.kind)}） — ${dutyWords(offer)}`,
  }));
}

function Answer({ suggested }: { readonly suggested: DutyOffer | undefined }) {
  const { t } = useTranslation();
  if (suggested === undefined) return <Alert type="warning" showIcon title={t('duty.nobody')} />;
  const { duty } = suggested;
  const words = {
    unit: inLanguage(suggested.name, suggested.unit),
    shift: duty.shift ?? '',
    until: minute(duty.until),
  };
  return <Alert type="info" showIcon title={t('duty.now', words)} />;
}

function UnitField({ offers }: { readonly offers: readonly DutyOffer[] }) {
  const { t } = useTranslation();
  const form = Form.useFormInstance();
  const chosen = Form.useWatch<string | undefined>('unit', form);
  const offer = offers.find(({ unit }) => unit === chosen);
  const rules = [{ required: true, whitespace: true, message: t('file.required') }];
  if (offers.length === 0)
    return (
      <Form.Item name="unit" label={t('field.unit')} rules={rules} extra={t('duty.free')}>
        <Input maxLength={120} />
      </Form.Item>
    );
  return (
    <>
      <Answer suggested={offers.find(({ suggested }) => suggested)} />
      <Form.Item name="unit" label={t('field.unit')} rules={rules}>
        <Select options={optionsOf(offers)} popupMatchSelectWidth={false} />
      </Form.Item>
      {offer !== undefined && !offer.duty.onDuty && (
        <Form.Item name="override" label={t('field.override')} rules={rules}>
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 4 }} maxLength={500} />
        </Form.Item>
      )}
    </>
  );
}

type DispatchFormProps = {
  readonly detail: CaseDetail;
  readonly busy: boolean;
  readonly onCancel: () => void;
  readonly onSend: (values: StepValues) => void;
};

/** Offers every unit; the one that the roster names is chosen beforehand. */
export function DispatchForm({ detail, busy, onCancel, onSend }: DispatchFormProps) {
  const { t } = useTranslation();
  const duty = useDuty(detail.case.id);
  if (duty.isPending) return <LoadingView label={t('states.loading')} />;
  const offers = duty.data ?? [];
  const suggested = offers.find((offer) => offer.suggested)?.unit;
  return (
    <Form
      className="step-form"
      layout="vertical"
      name="step-dispatch"
      initialValues={suggested === undefined ? {} : { unit: suggested }}
      onFinish={onSend}
    >
      {duty.isError && <Alert type="error" showIcon title={`${t('duty.failed')}: ${describeProblem(duty.error)}`} />}
      <UnitField offers={offers} />
      <Form.Item name="note" label={t('field.note')}>
        <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={2000} />
      </Form.Item>
      <div className="step-row">
        <Button type="primary" htmlType="submit" loading={busy}>
          {t('file.submit')}
        </Button>
        <Button onClick={onCancel}>{t('file.cancel')}</Button>
      </div>
    </Form>
  );
}
