/** Constants of camera memory. Those that a site may set stand in the configuration (`memory`). */

/** Score from which a box counts: what the road-stall rule does not see either. */
export const MIN_COUNTED_SCORE = 0.35;
/** Half of the width and of the height, in shares of the box, by which a foot may jitter and mean the same spot. */
export const JITTER_WIDTHS = 0.15;
export const JITTER_HEIGHTS = 0.08;
/** ms; a longer pause between two inferences is unknown time. */
export const MAX_STEP_MS = 60_000;
/** ms; a place without a box for longer is empty, and what stood there has gone. */
export const MAX_PAUSE_MS = 120_000;
/** ms; what stood for a shorter time passed. */
export const MIN_DWELL_MS = 60_000;

/** s; a light that was watched for less on a day tells nothing of that day. */
export const MIN_WATCHED_SECONDS = 7200;
/** Share of a light's watched time from which a shape stood there all day: a vendor's four evening hours are no third. */
export const PERSISTENT_SHARE = 0.5;
/** Share below which it did not stand there at all: such a day takes half of the evidence away. */
export const ABSENT_SHARE = 0.05;
export const ABSENT_FACTOR = 0.5;
/** What a day counts on which an event began there and nobody has decided it yet. */
export const UNDECIDED_DAY = 0.5;
/** Days that one rejection as "no such thing" is worth. */
export const REJECTION_DAYS = 2;
/** Above this weight of confirmed cases no bar rises: one case for one half-life. */
export const CONFIRMED_HOLDS = 0.5;
/** Score asked for where no zone says another; the road-stall rule's default. */
export const USUAL_SCORE = 0.45;

/** ms; a camera that has looked elsewhere for so long has moved for good, and what it knew is of another place. */
export const MOVED_MS = 600_000;
/** Orders that are known again when they come twice. */
export const MAX_DONE = 50;
/** s; what was counted in less is not worth a place on the disk. */
export const MIN_KEPT_SECONDS = 60;
/** Weights below this are nothing. */
export const MIN_WEIGHT = 0.01;
/** Words on cases that can still be taken back. */
export const MAX_WORDS = 100;
