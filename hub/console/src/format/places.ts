/** Where a case is, in two parts: its camera and zone, or that it was only reported, and its position. */
import { useTranslation } from 'react-i18next';
import type { CaseSummary } from '../../../../contracts/api/case.ts';
import { useCameras } from '../api/reads.ts';
import { inLanguage } from '../i18n/index.ts';

type CasePlace = { readonly name: string; readonly within: string };

/** A position as it is written everywhere: longitude, latitude. */
export const positionText = ({ lon, lat }: { readonly lon: number; readonly lat: number }): string =>
  `${lon.toFixed(5)}, ${lat.toFixed(5)}`;

/** @returns the place of any case, by the cameras that are known */
export function usePlaces(): (row: CaseSummary) => CasePlace {
  const { t } = useTranslation();
  const cameras = useCameras().data;
  return (row) => {
    if (row.camera === '') {
      const within = row.location === null ? t('reported.noPosition') : positionText(row.location);
      return { name: t('reported.place'), within };
    }
    const camera = cameras?.find((entry) => entry.id === row.camera);
    const zone = camera?.zones.find((entry) => entry.id === row.zone);
    return { name: inLanguage(camera?.name, row.camera), within: inLanguage(zone?.name, row.zone) };
  };
}
