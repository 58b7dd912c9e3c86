/** The case to merge into: its number, typed or chosen from those that it can be. */
import { AutoComplete } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { useCasePage } from '../api/reads.ts';
import { dayTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';

/** States that can take another case in. */
const OPEN = 'pending-review,field-check,filed,dispatched,returned,handling,feedback,inspecting';
const MAX_OPTIONS = 20;

/** A field for a case number, with cases of the same camera and kind to choose from. */
export function MergeTarget({ detail, ...rest }: { readonly detail: CaseDetail }) {
  const { t } = useTranslation();
  const { id, camera, kind } = detail.case;
  const page = useCasePage({ camera, kind, state: OPEN, order: 'newest', limit: MAX_OPTIONS });
  const options = (page.data?.cases ?? [])
    .filter((row) => row.id !== id)
    .map((row) => ({
      value: row.number,
      label: `${row.number} · ${wireWord('state', row.state)} · ${dayTime(row.startedAt)}`,
    }));
  // `rest` carries value, onChange and id from the form.
  return <AutoComplete {...rest} options={options} placeholder={t('file.intoHint')} maxLength={64} filterOption />;
}
