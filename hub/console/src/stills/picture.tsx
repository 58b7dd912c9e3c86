/** One still in a pane: the picture with its overlays, or an honest word on why there is none. */
import { ClockCircleOutlined, DisconnectOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { type CSSProperties, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ZoneShape } from '../../../../contracts/zone-shapes.ts';
import { apiUrl } from '../api/request.ts';
import { fullTime } from '../format/time.ts';
import { wireWord } from '../i18n/index.ts';
import { BoxOverlay, ZoneOverlay } from './overlay.tsx';
import { absenceOf, type Still, showsEmptyPlace, takesBoxes } from './still.ts';
import { type Crop, transformOf, type View, type Window } from './view.ts';

/** Where a file of evidence is read. */
export function evidenceUrl(sha256: string): string {
  return apiUrl(`/evidence/${sha256}`);
}

/** Waiting is no fault; everything else is said as one. */
function AbsentStill({ why }: { readonly why: NonNullable<ReturnType<typeof absenceOf>> }) {
  const { t } = useTranslation();
  return (
    <div className="pane-word" role={why === 'waiting' ? undefined : 'alert'}>
      {why === 'waiting' ? <ClockCircleOutlined /> : <DisconnectOutlined />}
      <strong>{t(`stage.absent.${why}`)}</strong>
      <span className="muted">{t(`stage.absentHint.${why}`)}</span>
    </div>
  );
}

function BrokenStill({ onRetry }: { readonly onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="pane-word" role="alert">
      <DisconnectOutlined />
      <strong>{t('stage.broken')}</strong>
      <Button size="small" onClick={onRetry}>
        {t('stage.retry')}
      </Button>
    </div>
  );
}

export type PictureLook = {
  readonly view: View;
  /** How much of the picture its pane shows at scale 1, and what must stay in it. */
  readonly window: Window;
  readonly crop: Crop | null;
  readonly shapes: readonly ZoneShape[];
  /** Camera and zone that the shapes were drawn for: on the stills of another they mean nothing. */
  readonly of: { readonly camera: string; readonly zone: string };
  readonly boxes: boolean;
};

const planeSize = ([x, y]: Window): CSSProperties => ({ width: `${100 / x}%`, height: `${100 / y}%` });

const isOf = ({ event }: Still, { of }: PictureLook) => event.camera === of.camera && event.zone === of.zone;

type PictureProps = { readonly still: Still; readonly look: PictureLook; readonly style?: CSSProperties };

/** The moving part of a pane, without frame or caption, so that a wipe can lay two over each other. */
export function Picture({ still, look, style }: PictureProps) {
  const { t } = useTranslation();
  const [failed, setFailed] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  const url = evidenceUrl(still.sha256);
  const absent = absenceOf(still);
  if (absent !== null) return <AbsentStill why={absent} />;
  if (failed === still.sha256) {
    const retry = () => {
      setFailed(null);
      setAttempt((before) => before + 1);
    };
    return <BrokenStill onRetry={retry} />;
  }
  if (still.mime === 'video/mp4') {
    const calm = matchMedia('(prefers-reduced-motion: reduce)').matches;
    return (
      <video className="pane-video" src={url} controls muted loop autoPlay={!calm} aria-label={t('stage.video')} />
    );
  }
  const alt = t('stage.still', { role: wireWord('role_still', still.role), at: fullTime(still.at) });
  return (
    <div
      className="plane"
      style={{ ...style, ...planeSize(look.window), transform: transformOf(look.view, look.window) }}
    >
      <img
        key={attempt}
        src={attempt === 0 ? url : `${url}?again=${attempt}`}
        alt={alt}
        draggable={false}
        decoding="async"
        onError={() => setFailed(still.sha256)}
      />
      <ZoneOverlay shapes={isOf(still, look) ? look.shapes : []} scale={look.view.scale} />
      {look.boxes && takesBoxes(still) && (
        <BoxOverlay objects={still.event.objects} ghost={showsEmptyPlace(still)} scale={look.view.scale} />
      )}
    </div>
  );
}
