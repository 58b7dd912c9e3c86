/** What one can do with the pictures, by button or key. */
import { useTranslation } from 'react-i18next';
import { type StageMode, type StageState, stageModes } from '../stills/use-stage.ts';
import { Key } from './shortcuts.tsx';

function Toggle({ name, word, on, onFlip }: { name: string; word: string; on: boolean; onFlip: () => void }) {
  return (
    <button type="button" className="tool" aria-pressed={on} onClick={onFlip}>
      <Key>{name}</Key>
      {word}
    </button>
  );
}

/** Switches of the stage, each with its key. @param onHelp opens the list of keys */
export function Toolbar({ stage, onHelp }: { readonly stage: StageState; readonly onHelp?: () => void }) {
  const { t } = useTranslation();
  const words: Record<StageMode, string> = { pair: t('stage.pair'), wipe: t('stage.wipe'), single: t('stage.single') };
  const help = onHelp !== undefined && (
    <button type="button" className="tool" onClick={onHelp}>
      <Key>?</Key>
      {t('review.shortcuts')}
    </button>
  );
  // Nothing to look at, nothing to switch.
  if (stage.stills.length === 0) return <div className="toolbar">{help}</div>;
  return (
    <div className="toolbar">
      {/* biome-ignore lint/a11y/useSemanticElements: a row of toggle buttons is no form fieldset */}
      <div className="modes" role="group" aria-label={t('stage.mode')}>
        {stageModes.map((mode) => (
          <button
            key={mode}
            type="button"
            className="tool"
            aria-pressed={stage.mode === mode}
            onClick={() => stage.setMode(mode)}
          >
            {words[mode]}
          </button>
        ))}
        <Key>V</Key>
      </div>
      <Toggle name="B" word={t('stage.boxes')} on={stage.boxes} onFlip={stage.flipBoxes} />
      <Toggle name="P" word={t('stage.zone')} on={stage.zone} onFlip={stage.flipZone} />
      <Toggle name="Z" word={t('stage.zoom')} on={stage.view.scale > 1} onFlip={stage.zoom} />
      <span className="muted toolbar-hint">{stage.left !== null && t('stage.flicker')}</span>
      {help}
    </div>
  );
}
