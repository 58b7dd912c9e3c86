/** Constants of the background model. Measured on the shipped clips and on street-camera footage (decision 32). */

/** Blocks across the whole picture, whatever its size or the model's: a saved model outlives a change of either. */
export const BLOCKS_ACROSS = 96;
/** Grey levels added before the logarithm: in the dark, noise must not look like structure. */
export const DARK_LEVELS = 16;
/** Gradients are kept as integers, so many to one of the logarithm's (a factor of e in brightness). */
export const GRADIENT_UNITS = 4096;
/** Squared gradients of a patch below which it is flat: asphalt, a wall, a sheet of metal (logarithm of brightness, squared). */
export const FLAT_ENERGY = 0.06;
/** So many times that energy, and structure that is as before proves that the place is. */
export const FAINT = 3;
/** Two patches whose similarity reaches this show the same; 1 = identical, 0 = nothing in common. */
export const MIN_SAME = 0.5;
/** Weight of a new sight in an appearance that it agrees with: the light is followed, noise averages out. */
export const FOLLOW_GAIN = 0.125;
/** Share of all patches with structure that change at once when it is the light that has changed, or the whole view. */
export const MIN_LIGHT_SHARE = 0.3;
/** Sights in a row, none too long after the one before, that make an appearance. */
export const MIN_SIGHTS = 3;
export const MAX_SIGHT_GAPS = 4;
/** ms; what has stood for so long is what the place looks like, and what was there before it is forgotten. */
export const BASE_MS = 86_400_000;
/** Parts of the time for which an appearance must hold, between two looks at the picture. */
export const LOOKS_PER_HOLD = 6;
export const MIN_LOOK_MS = 400;
export const MAX_LOOK_MS = 5000;
/** ms; a saved model that is older says nothing of today. */
export const MAX_SAVED_MS = 7 * 86_400_000;

// Day and night (light.ts).

/** Mean grey levels below which it is night, and above which it is day again. */
export const NIGHT_MEAN = 60;
export const DAY_MEAN = 75;
/** Mean difference of red and blue from green below which a picture has no colour (infrared), and above which it has. */
export const GREY_CHROMA = 2.5;
export const COLOUR_CHROMA = 4;
