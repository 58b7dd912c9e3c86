/** Picks districts, sites or units: from what is registered, or typed, one after the other. */
import { useQuery } from '@tanstack/react-query';
import { Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { CameraBody, SiteBody } from '../../../../contracts/api/registry.ts';
import type { UnitBody } from '../../../../contracts/api/unit.ts';
import { areaOfCamera } from '../../../../contracts/grid.ts';
import { keys } from '../api/keys.ts';
import { request } from '../api/request.ts';
import { inLanguage } from '../i18n/index.ts';
import type { PlaceKind } from './rooms.ts';

type Option = { readonly value: string; readonly label: string };
type Named = Pick<SiteBody | UnitBody, 'id' | 'name'>;

/** Counties, streets and communities that cameras lie in, each with how many. */
export function districtCounts(cameras: readonly CameraBody[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const camera of cameras) {
    const area = areaOfCamera(camera);
    if (area === null) continue;
    for (const code of [area.city, area.county, area.street, area.community])
      if (code !== undefined) counts.set(code, (counts.get(code) ?? 0) + 1);
  }
  return new Map([...counts].sort(([a], [b]) => a.localeCompare(b)));
}

function useOptions(of: PlaceKind): readonly Option[] {
  const { t } = useTranslation();
  const path = of === 'districts' ? '/cameras' : `/${of}`;
  const read = useQuery({ queryKey: keys.register(path), queryFn: () => request<(CameraBody | Named)[]>(path) });
  const entries = read.data ?? [];
  if (of !== 'districts')
    return (entries as Named[]).map(({ id, name }) => ({ value: id, label: `${inLanguage(name)} · ${id}` }));
  return [...districtCounts(entries as CameraBody[])].map(([value, count]) => ({
    value,
    label: `${value} · ${t('access.cameras', { count })}`,
  }));
}

export type PlacePickerProps = {
  readonly of: PlaceKind;
  readonly id: string;
  readonly invalid: boolean;
  readonly disabled: boolean;
  /** One a line. */
  readonly text: string;
  readonly onChange: (text: string) => void;
};

/** A code that no camera has yet may be typed. */
export function PlacePicker({ of, id, invalid, disabled, text, onChange }: PlacePickerProps) {
  const { t } = useTranslation();
  return (
    <Select
      {...{ id, disabled }}
      mode={of === 'districts' ? 'tags' : 'multiple'}
      className="place-picker"
      optionFilterProp="label"
      options={[...useOptions(of)]}
      placeholder={t('access.places')}
      {...(invalid ? { status: 'error' as const } : {})}
      value={text === '' ? [] : text.split('\n')}
      onChange={(values: string[]) => onChange(values.join('\n'))}
    />
  );
}
