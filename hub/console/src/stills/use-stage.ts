/** What the stage shows now: which stills, how compared, which overlays, where zoomed to. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { CaseDetail } from '../../../../contracts/api/case.ts';
import type { ZoneShape } from '../../../../contracts/zone-shapes.ts';
import { readChoice, saveChoice } from '../shell/local-storage.ts';
import { type Pair, pickPair, type Still, stillsOf } from './still.ts';
import { type View, viewOfBoxes, viewOfPoints, wholeView } from './view.ts';

export const stageModes = ['pair', 'wipe', 'single'] as const;
export type StageMode = (typeof stageModes)[number];

function firstMode(): StageMode {
  return stageModes.find((mode) => mode === readChoice('stage-mode')) ?? 'pair';
}

function sameStill(a: Still | null, b: Still): boolean {
  return a !== null && a.sha256 === b.sha256 && a.role === b.role;
}

/** A switch kept in this browser, on at first. */
function useStoredSwitch(name: 'boxes' | 'zone'): [boolean, () => void] {
  const [on, setOn] = useState(() => readChoice(name) !== 'off');
  const flip = useCallback(() => {
    setOn((before) => {
      saveChoice(name, before ? 'off' : 'on');
      return !before;
    });
  }, [name]);
  return [on, flip];
}

const nonePicked: Pair = { left: null, right: null };

export function useStage(detail: CaseDetail | undefined, shapes: readonly ZoneShape[]) {
  const stills = useMemo(() => (detail === undefined ? [] : stillsOf(detail)), [detail]);
  const picked = useMemo(() => (detail === undefined ? nonePicked : pickPair(stills, detail.case)), [stills, detail]);
  const [chosen, setChosen] = useState<{ left: Still | null; right: Still | null }>({ left: null, right: null });
  const [mode, setModeNow] = useState(firstMode);
  const [boxes, flipBoxes] = useStoredSwitch('boxes');
  const [zone, flipZone] = useStoredSwitch('zone');
  const [view, setView] = useState<View>(wholeView);
  const [flicker, setFlicker] = useState(false);
  const caseId = detail?.case.id;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another case starts with a fresh view
  useEffect(() => {
    setChosen({ left: null, right: null });
    setView(wholeView);
    setFlicker(false);
  }, [caseId]);

  // A still is found again after each reload of the case, as its `stored` may have changed.
  const left = stills.find((still) => sameStill(chosen.left, still)) ?? picked.left;
  const right = stills.find((still) => sameStill(chosen.right, still)) ?? picked.right;

  const pick = (still: Still, intoLeft: boolean) =>
    setChosen((before) => (intoLeft ? { ...before, left: still } : { ...before, right: still }));
  const step = (by: 1 | -1) => {
    const next = stills[(right === null ? -1 : stills.indexOf(right)) + by];
    if (next !== undefined) pick(next, false);
  };
  const clip = stills.find((still) => still.mime === 'video/mp4');
  /** The clip in the right pane, and back again. */
  const playClip = () => {
    if (clip !== undefined) setChosen((before) => ({ ...before, right: right === clip ? picked.right : clip }));
  };
  const setMode = (next: StageMode) => {
    saveChoice('stage-mode', next);
    setModeNow(next);
  };
  const cycleMode = () => setMode(stageModes[(stageModes.indexOf(mode) + 1) % stageModes.length] ?? 'pair');
  const zoom = () => {
    const onObjects = viewOfBoxes(right?.event.objects.map((object) => object.box) ?? []);
    const onZone = viewOfPoints(shapes[0]?.points ?? []);
    setView((before) => (before.scale > 1 ? wholeView : (onObjects ?? onZone ?? { ...wholeView, scale: 2 })));
  };
  return {
    stills,
    left,
    right,
    // One cannot wipe over what moves.
    mode: left === null ? ('single' as const) : mode === 'wipe' && right === clip ? ('pair' as const) : mode,
    boxes,
    zone,
    view,
    flicker,
    pick,
    step,
    playClip,
    setMode,
    cycleMode,
    zoom,
    flipBoxes,
    flipZone,
    setView,
    setFlicker,
  };
}
export type StageState = ReturnType<typeof useStage>;
