/** The closure code of a close: those of the newest list that go with the outcome chosen. */
import { Form, Select } from 'antd';
import { useClosureLists } from '../api/limits.ts';
import { inLanguage } from '../i18n/index.ts';

/** Before an outcome is chosen, every code is offered. */
export function ClosureSelect(rest: { readonly id?: string; readonly value?: string }) {
  const form = Form.useFormInstance();
  const outcome = Form.useWatch<string | undefined>('outcome', form);
  const lists = useClosureLists();
  const codes = lists.data?.[0]?.codes ?? [];
  const options = codes
    .filter((code) => outcome === undefined || code.outcome === outcome)
    .map(({ code, title }) => ({ value: code, label: inLanguage(title, code) }));
  return <Select {...rest} allowClear options={options} loading={lists.isPending} />;
}
