/** Several of a few words, each with its box: kinds of violations, or the reasons of one kind. */
import { violationKinds } from '../../../../contracts/violations/index.ts';
import { kindWord, reasonsOfKind, reasonWord } from './field-text.ts';

type TicksProps = {
  readonly id: string;
  readonly kind: 'kinds' | 'reasons';
  /** What is chosen, parted by commas. */
  readonly text: string;
  /** The kind whose reasons are meant. */
  readonly violation: string;
  readonly fixed: boolean;
  readonly onChange: (text: string) => void;
  readonly 'aria-describedby': string;
};

/** Nothing to choose: a dash. */
export function Ticks({ id, kind, text, violation, fixed, onChange, ...described }: TicksProps) {
  const chosen = text.split(',').filter((one) => one !== '');
  const offered: readonly string[] = kind === 'kinds' ? violationKinds : reasonsOfKind(violation);
  if (offered.length === 0) return <output id={id}>—</output>;
  const word = (value: string) => (kind === 'kinds' ? kindWord(value) : reasonWord(violation, value));
  const toggle = (value: string) =>
    onChange((chosen.includes(value) ? chosen.filter((one) => one !== value) : [...chosen, value]).join(','));
  return (
    // biome-ignore lint/a11y/useSemanticElements: its label is the row's, a legend would say it twice
    <div id={id} className="ticks" role="group" aria-describedby={described['aria-describedby']}>
      {offered.map((value) => (
        <label key={value}>
          <input type="checkbox" checked={chosen.includes(value)} disabled={fixed} onChange={() => toggle(value)} />
          {word(value)}
        </label>
      ))}
    </div>
  );
}
