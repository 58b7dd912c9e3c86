/** Day or night, by brightness and colour: an infrared picture has none. With hysteresis. Pure. */
import { COLOUR_CHROMA, DAY_MEAN, GREY_CHROMA, NIGHT_MEAN } from './tuning.ts';

export type Light = 'day' | 'night';

/** @param mean grey levels; `chroma`: mean difference of red and blue from green, grey levels */
function lightOf(mean: number, chroma: number, now: Light | null): Light {
  if (now === 'night') return mean > DAY_MEAN && chroma > COLOUR_CHROMA ? 'day' : 'night';
  return mean < NIGHT_MEAN || chroma < GREY_CHROMA ? 'night' : 'day';
}

/** The first sight decides at once; later, another light must hold. @param holdMs so long, ms of camera time */
export function createLightWatch(holdMs: number): (mean: number, chroma: number, at: number) => Light {
  let light: Light | null = null;
  let otherSince: number | null = null;
  return (mean, chroma, at) => {
    const seen = lightOf(mean, chroma, light);
    if (light === null) light = seen;
    if (seen === light) {
      otherSince = null;
      return light;
    }
    otherSince = otherSince === null || at < otherSince ? at : otherSince;
    if (at - otherSince >= holdMs) {
      light = seen;
      otherSince = null;
    }
    return light;
  };
}
