/** What makes a case stand out beside its state: that it was reported, rework, more time, an appeal. */
import { useTranslation } from 'react-i18next';
import type { CaseSummary } from '../../../../contracts/api/case.ts';
import { CAMERA_SOURCE } from '../../../../contracts/api/case-source.ts';
import { dayTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';

type Chip = { readonly tone: 'warn' | 'bad' | 'way' | 'good' | 'plain'; readonly text: string; readonly hint?: string };

function useChips(row: CaseSummary): Chip[] {
  const { t } = useTranslation();
  const { rework = 0, extension = null, appeal = null, escalation = 0, source = CAMERA_SOURCE } = row;
  const chips: Chip[] = [];
  if (source !== CAMERA_SOURCE) chips.push({ tone: 'way', text: wireWord('source', source) });
  if (escalation > 0)
    chips.push({ tone: 'bad', text: t('chip.escalation', { level: escalation }), hint: t('chip.escalationHint') });
  if (rework > 0) chips.push({ tone: 'bad', text: t('chip.rework', { count: rework }) });
  if (extension !== null) {
    const words = { asked: t('chip.asked', { at: dayTime(extension.until).slice(0, -3) }), granted: '', refused: '' };
    words.granted = t('chip.granted', { at: dayTime(extension.until).slice(0, -3) });
    words.refused = t('chip.refused');
    const tones = { asked: 'warn', granted: 'way', refused: 'plain' } as const;
    chips.push({ tone: tones[extension.state], text: words[extension.state], hint: extension.reason });
  }
  if (appeal !== null) {
    const words = { open: t('chip.appealOpen'), upheld: t('chip.appealUpheld'), dismissed: t('chip.appealDismissed') };
    const tones = { open: 'warn', upheld: 'good', dismissed: 'plain' } as const;
    chips.push({ tone: tones[appeal.state], text: words[appeal.state], hint: appeal.reason });
  }
  return chips;
}

/** Nothing where there is nothing to say. */
export function CaseChips({ row }: { readonly row: CaseSummary }) {
  const chips = useChips(row);
  if (chips.length === 0) return null;
  return (
    <span className="chips">
      {chips.map(({ tone, text, hint }) => (
        <span key={text} className={`tone tone-small tone-${tone}`} title={hint}>
          {text}
        </span>
      ))}
    </span>
  );
}
