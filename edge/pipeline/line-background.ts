/** A line's background model, where a rule of its zones asks for one; kept over restarts beside the line's state. */
import type { BoxXywh } from '../../contracts/geometry.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import { type BackgroundModel, createBackgroundModel } from '../background/background-model.ts';
import { BLOCKS_ACROSS } from '../background/tuning.ts';
import type { CameraConfig } from '../config.ts';
import type { Track } from '../domain/detection.ts';
import type { Frame, ModelInput } from '../domain/frame.ts';
import { placementOf } from '../domain/placement.ts';
import type { BackgroundMap, Scene } from '../domain/scene.ts';
import type { SavedState } from '../outbox/index.ts';
import { contextOf, ruleOf } from '../rules/index.ts';
import { canSee } from '../rules/view-time.ts';
import { backgroundName, readSavedBackground, writeSavedBackground } from './saved-background.ts';

/**
 * ms of camera time between two saves: what is lost with a killed process is seen anew. Before one is that old there is
 * nothing to see anew from, so that the first minutes are saved each time.
 */
const SAVE_MS = 300_000;

function holdMsOf(camera: CameraConfig, calendar: Calendar): number | null {
  const holds = camera.zones.flatMap((zone) => {
    const context = contextOf(zone as ZoneConfig, { kind: camera.kind, calendar, composites: [] });
    return ruleOf(zone.kind as ZoneConfig['kind']).backgroundHoldMs?.(context) ?? [];
  });
  return holds.length > 0 ? Math.min(...holds) : null;
}

/** Who passes or stands before a place hides it and is no part of it. */
const personsIn = (tracks: readonly Track[], at: number): BoxXywh[] =>
  tracks.filter(({ concept, seenAt }) => concept === 'person' && seenAt === at).map(({ box }) => box);

/**
 * For one camera.
 *
 * @param saved the text of what `save` gave in an earlier run, or null
 */
export function createLineBackground(
  camera: CameraConfig,
  calendar: Calendar,
  input: ModelInput,
  saved: string | null,
) {
  const holdMs = holdMsOf(camera, calendar);
  let model: BackgroundModel | null = null;
  let size = '';
  let firstAt: number | null = null;
  let savedAt = 0;
  let observedAt = 0;

  function adaptTo(width: number, height: number, at: number): BackgroundModel | null {
    const now = `${width}x${height}`;
    if (holdMs === null || now === size) return model;
    const known = model?.lights() ?? readSavedBackground(saved, at);
    size = now;
    const area = placementOf(input, width, height);
    // Blocks of less than a pixel would tell nothing: such a camera's stalls need no proof.
    if (area.scaledWidth < BLOCKS_ACROSS) return model;
    model = createBackgroundModel({
      ...input,
      area,
      holdMs,
      known,
    });
    return model;
  }

  return {
    /** The map as it is at this frame; undefined where no rule asks for one. */
    observe(
      frame: Frame,
      tracks: readonly Track[],
      view: Pick<Scene, 'view' | 'viewReasons'>,
    ): BackgroundMap | undefined {
      const current = adaptTo(frame.full.width, frame.full.height, frame.at);
      if (!current) return undefined;
      if (canSee(view)) {
        observedAt = frame.at;
        current.observe(frame.pixels, frame.at, () => personsIn(tracks, frame.at));
      }
      return current.map();
    },
    /** What to save when it is time to, or at once; null when there is nothing. */
    save(at: number, now: boolean): SavedState | null {
      if (!model || observedAt === 0) return null;
      firstAt ??= at;
      const lately = at >= savedAt && at - savedAt < SAVE_MS;
      if (!now && lately && at - firstAt >= SAVE_MS) return null;
      savedAt = at;
      return { name: backgroundName(camera.id), json: writeSavedBackground(model.lights(), observedAt) };
    },
  };
}
