/** All stills of a case in a row; pressing one puts it into the right pane, with Shift into the left. */
import { ClockCircleOutlined, DisconnectOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { clockTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { evidenceUrl } from './picture.tsx';
import { absenceOf, type Still } from './still.ts';

type FrameProps = {
  readonly still: Still;
  readonly place: 'left' | 'right' | null;
  /** One still of the strip takes part in tabbing; arrows move along it. */
  readonly tabbable: boolean;
  readonly onPick: (left: boolean) => void;
};

function Frame({ still, place, tabbable, onPick }: FrameProps) {
  const { t } = useTranslation();
  const ref = useRef<HTMLButtonElement>(null);
  const role = wireWord('role_still', still.role);
  useEffect(() => {
    if (place !== 'right') return;
    ref.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (document.activeElement?.classList.contains('frame')) ref.current?.focus();
  }, [place]);
  const absent = absenceOf(still);
  return (
    <button
      ref={ref}
      type="button"
      className={place === null ? 'frame' : `frame frame-${place}`}
      aria-pressed={place === 'right'}
      tabIndex={tabbable ? 0 : -1}
      aria-label={t('stage.still', { role, at: clockTime(still.at) })}
      onClick={(event) => onPick(event.shiftKey)}
    >
      {absent === 'waiting' ? (
        <ClockCircleOutlined className="frame-mark" />
      ) : absent !== null ? (
        <DisconnectOutlined className="frame-mark" />
      ) : still.mime === 'video/mp4' ? (
        <PlayCircleOutlined className="frame-mark" />
      ) : (
        <img src={evidenceUrl(still.sha256)} alt="" draggable={false} loading="lazy" decoding="async" />
      )}
      <span className="frame-word">
        <b>{role}</b> {clockTime(still.at)}
      </span>
    </button>
  );
}

type StripProps = {
  readonly stills: readonly Still[];
  readonly left: Still | null;
  readonly right: Still | null;
  readonly onPick: (still: Still, left: boolean) => void;
};

/** All stills of a case as small pictures; Shift picks for the left pane. */
export function Filmstrip({ stills, left, right, onPick }: StripProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a row of toggle buttons is no form fieldset
    <div className="filmstrip" role="group" aria-label={t('stage.strip')}>
      {stills.map((still) => (
        <Frame
          key={`${still.sha256}/${still.role}`}
          still={still}
          tabbable={still === (right ?? stills[0])}
          place={still === right ? 'right' : still === left ? 'left' : null}
          onPick={(intoLeft) => onPick(still, intoLeft)}
        />
      ))}
    </div>
  );
}
