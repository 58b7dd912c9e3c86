/** The stage: before and after beside each other, wiped over each other, or one alone; zoom and pan are shared. */
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ZoneShape } from '../../../../contracts/zone-shapes.ts';
import { useCamera } from '../api/reads.ts';
import { fullTime } from '../format/time.ts';
import { inLanguage, wireWord } from '../i18n/index.ts';
import { EmptyView } from '../states/views.tsx';
import { Filmstrip } from './filmstrip.tsx';
import { Picture, type PictureLook } from './picture.tsx';
import { type Still, showsEmptyPlace, takesBoxes } from './still.ts';
import type { StageState } from './use-stage.ts';
import { type Crop, centreOn, cropOf, type Fit, fitPanes, pan, zoomAt } from './view.ts';

const GAP = 8;

function useRoom() {
  const ref = useRef<HTMLDivElement>(null);
  const [room, setRoom] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    const element = ref.current;
    if (element === null) return;
    const measure = () => setRoom({ width: element.clientWidth, height: element.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return { ref, room };
}

/** Wheel zooms about the pointer, dragging pans (or moves the wipe). */
function usePointer(stage: StageState, look: PictureLook, onWipe: ((share: number) => void) | null) {
  const ref = useRef<HTMLDivElement>(null);
  const { setView } = stage;
  const { window: seen, crop } = look;
  useEffect(() => {
    const element = ref.current;
    if (element === null) return;
    // React listens passively to wheels; only an active listener may keep the page from scrolling.
    const wheel = (event: WheelEvent) => {
      event.preventDefault();
      const area = element.getBoundingClientRect();
      const at: [number, number] = [(event.clientX - area.left) / area.width, (event.clientY - area.top) / area.height];
      setView((view) => zoomAt(centreOn(view, crop), event.deltaY < 0 ? 1.2 : 1 / 1.2, at, seen));
    };
    element.addEventListener('wheel', wheel, { passive: false });
    return () => element.removeEventListener('wheel', wheel);
  }, [setView, seen, crop]);
  const onPointerMove = (event: React.PointerEvent<HTMLDivElement>) => {
    if (event.buttons !== 1) return;
    const area = event.currentTarget.getBoundingClientRect();
    if (onWipe !== null && stage.view.scale === 1) onWipe((event.clientX - area.left) / area.width);
    else
      setView((view) => pan(centreOn(view, crop), event.movementX / area.width, event.movementY / area.height, seen));
  };
  return { ref, onPointerMove };
}

type CaptionProps = { readonly still: Still; readonly look: PictureLook; readonly side?: 'left' | 'right' };

/** Of a case that was merged from two cameras, each still says whose it is. */
function Caption({ still, look, side }: CaptionProps) {
  const { t } = useTranslation();
  const camera = useCamera(still.event.camera);
  const ghost = showsEmptyPlace(still) && takesBoxes(still) && still.event.objects.length > 0;
  return (
    <div className={`caption caption-${side ?? 'left'}`}>
      <b>{wireWord('role_still', still.role)}</b> <span className="num">{fullTime(still.at)}</span>
      {still.event.camera !== look.of.camera && (
        <span className="caption-camera">{inLanguage(camera?.name, still.event.camera)}</span>
      )}
      {ghost && <span className="caption-ghost">{t('stage.later')}</span>}
    </div>
  );
}

type PaneProps = {
  readonly stage: StageState;
  readonly still: Still;
  readonly look: PictureLook;
  readonly fit: Fit;
};

function Pane({ stage, still, look, fit }: PaneProps) {
  const pointer = usePointer(stage, look, null);
  return (
    <div className="pane" style={{ width: fit.width, height: fit.height }} {...pointer}>
      <Picture still={still} look={look} />
      <Caption still={still} look={look} />
    </div>
  );
}

function WipePane({ stage, left, look, still, fit }: PaneProps & { readonly left: Still }) {
  const { t } = useTranslation();
  const [share, setShare] = useState(0.5);
  const pointer = usePointer(stage, look, (at) => setShare(Math.min(1, Math.max(0, at))));
  return (
    <div className="pane pane-wipe" style={{ width: fit.width, height: fit.height }} {...pointer}>
      <div className="layer">
        <Picture still={still} look={look} />
      </div>
      <div className="layer" style={{ clipPath: `inset(0 ${(1 - share) * 100}% 0 0)` }}>
        <Picture still={left} look={look} />
      </div>
      <div className="wipe-line" style={{ left: `${share * 100}%` }} aria-hidden="true" />
      <Caption still={left} look={look} side="left" />
      <Caption still={still} look={look} side="right" />
      <input
        className="wipe-slider"
        type="range"
        min={0}
        max={100}
        value={Math.round(share * 100)}
        aria-label={t('stage.wipeSlider')}
        onChange={(event) => setShare(Number(event.target.value) / 100)}
      />
    </div>
  );
}

/** Of what stands still the sides may go; what passes may be anywhere on the next still. */
function cropOfPair(left: Still | null, right: Still | null): Crop | null {
  if (left === null || right === null) return null;
  const stands = [left, right].every((still) => still.mime === 'image/jpeg' && still.stored && takesBoxes(still));
  return stands ? cropOf([left, right].flatMap((still) => still.event.objects.map((object) => object.box))) : null;
}

type StageProps = {
  readonly stage: StageState;
  readonly shapes: readonly ZoneShape[];
  /** Whose shapes they are. */
  readonly of: PictureLook['of'];
  /** No camera has seen the case: there is nothing to wait for. */
  readonly reported: boolean;
};

/** One or two panes with the chosen stills, overlays and filmstrip. */
export function Stage({ stage, shapes, of, reported }: StageProps) {
  const { t } = useTranslation();
  const { ref, room } = useRoom();
  const { left, right, mode, flicker } = stage;
  const shown = flicker && left !== null ? left : right;
  const pair = mode === 'pair' && left !== null;
  const ratio = right === null ? 16 / 9 : right.width / right.height;
  const crop = useMemo(() => (pair ? cropOfPair(left, right) : null), [pair, left, right]);
  const fit = fitPanes(room, ratio, pair ? 2 : 1, GAP, crop);
  const [share] = fit.window;
  const { camera, zone } = of;
  const look = useMemo<PictureLook>(
    () => ({
      view: centreOn(stage.view, crop),
      ...{ window: [share, 1], crop, of: { camera, zone } },
      ...{ shapes: stage.zone ? shapes : [], boxes: stage.boxes },
    }),
    [stage.view, stage.zone, stage.boxes, shapes, share, crop, camera, zone],
  );
  return (
    <section className="stage" aria-label={t('file.stills')}>
      <div ref={ref} className={fit.stacked ? 'panes panes-stacked' : 'panes'}>
        {right === null && reported && <EmptyView title={t('reported.noStills')} hint={t('reported.noStillsHint')} />}
        {right === null && !reported && <EmptyView title={t('stage.none')} />}
        {pair && <Pane stage={stage} still={left} look={look} fit={fit} />}
        {shown !== null && mode === 'wipe' && left !== null && right !== null && !flicker ? (
          <WipePane stage={stage} left={left} still={right} look={look} fit={fit} />
        ) : (
          shown !== null && <Pane stage={stage} still={shown} look={look} fit={fit} />
        )}
      </div>
      {stage.stills.length > 0 && <Filmstrip stills={stage.stills} left={left} right={right} onPick={stage.pick} />}
    </section>
  );
}
