/** The closure code of a close: those of the newest list that go with the outcome chosen. */
import { useQuery } from '@tanstack/react-query';
import { Form, Select } from 'antd';
import type { ClosureList } from '../../../../contracts/api/closure.ts';
import { keys } from '../api/keys.ts';
import { request } from '../api/request.ts';
import { inLanguage } from '../i18n/index.ts';

const STALE_MS = 5 * 60_000;

/** Before an outcome is chosen, every code is offered. */
export function ClosureSelect(rest: { readonly id?: string; readonly value?: string }) {
  const form = Form.useFormInstance();
  const outcome = Form.useWatch<string | undefined>('outcome', form);
  const lists = useQuery({
    queryKey: keys.closureCodes,
    queryFn: () => request<ClosureList[]>('/closure-codes'),
    staleTime: STALE_MS,
  });
  const codes = lists.data?.[0]?.codes ?? [];
  const options = codes
    .filter((code) => outcome === undefined || code.outcome === outcome)
    .map(({ code, title }) => ({ value: code, label: inLanguage(title, code) }));
  return <Select {...rest} allowClear options={options} loading={lists.isPending} />;
}
