/** The zone that a case is about, and what to draw of it. */
import { useMemo } from 'react';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import { shapesOf } from '../../../../contracts/zone-shapes.ts';
import { useZones } from '../api/reads.ts';

export function useZoneOf(detail: CaseDetail | undefined) {
  const zones = useZones(detail?.case.camera).data;
  const zone = zones?.find((entry) => entry.id === detail?.case.zone);
  const shapes = useMemo(() => (zone === undefined ? [] : shapesOf(zone)), [zone]);
  return { zone, shapes };
}
