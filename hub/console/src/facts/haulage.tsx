/** What the permits on record say of a truck's plate. */
import { useEffect, useState } from 'react';
import type { HaulageCheck } from '../../../../contracts/api/case.ts';
import { useHaulage } from '../api/reads.ts';
import { wireWord } from '../i18n/index.ts';

/** Green, amber, red: how much there is to ask about. */
const tones: Readonly<Record<HaulageCheck['state'], string>> = {
  found: 'good',
  expired: 'bad',
  'off-hours': 'warn',
  none: 'bad',
  unreadable: 'plain',
};

/** What the permits say of a plate, as a coloured word. */
export function HaulageTag({ check }: { readonly check: HaulageCheck }) {
  const words = [wireWord('haulage', check.state), check.permit].filter((word) => word !== null);
  return <span className={`tone tone-${tones[check.state]}`}>{words.join(' · ')}</span>;
}

/** Long enough that a plate is asked for once, not sign by sign. */
const TYPING_MS = 350;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), TYPING_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

/** Beside the plate while it is typed: a word before one confirms, not after. */
export function HaulageOf({ caseId, plate }: { readonly caseId: string; readonly plate: string }) {
  const { data } = useHaulage(caseId, useSettled(plate.trim()));
  return <span role="status">{data && plate.trim() !== '' && <HaulageTag check={data} />}</span>;
}
