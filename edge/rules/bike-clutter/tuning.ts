/**
 * Constants of the bike-clutter rule, by the step that uses them. Where no source is named, a value was set on rendered
 * scenes and is held by the tests beside the rule.
 */

// In use or under way (riders.ts).

/** A bike that is carried lies this far within a vehicle's box, its wheels above the lorry's. */
export const MIN_CARRIED_SHARE = 0.8;
export const BED_SHARE = 0.9;
/** Score from which a person may be a rider. */
export const MIN_PERSON_SCORE = 0.25;
/** A rider sits over the middle of the bike (shares of its width), his feet between axles and ground, his head above it (of its height). */
export const MAX_OFF_MIDDLE = 0.32;
export const MIN_FEET = 0.4;
export const MAX_FEET = 1.06;
export const MIN_HEAD_ABOVE = 0.25;

// Which bikes stand (standing.ts).

/** Least overlap from frame to frame for a bike to have stood still; in a pile neighbours overlap less than this. */
export const MIN_STANDING_IOU = 0.5;
/** ms; a bike that was sure to stand is counted on through so long a miss. */
export const MAX_MISS_MS = 4000;
/** ms and frames; a detector blinks even over what it has only just found, at any rate. */
export const BLINK_MS = 1000;
export const BLINK_FRAMES = 2.5;
/** What has this share of a bike behind it hides it: it stays as long as the other stands in front, but not for ever. */
export const MIN_HIDING_SHARE = 0.4;
export const MAX_HIDDEN_MS = 60_000;
/** Share of the smaller outline within the larger: a bike that is half hidden is still that bike. */
export const MIN_HALF_HIDDEN_SHARE = 0.75;
/** Two boxes that agree so well are one bike seen twice. */
export const MIN_DOUBLE_IOU = 0.6;
/** A mean outline that moves by this much of its size is being moved; one that is parked may be nudged. */
export const MAX_MOVED_SIZES = 0.25;
export const MAX_NUDGED_SIZES = 0.4;
/** Ghosts, and spots where one rider passes after another, are not seen in so many of the frames. */
export const MIN_HIT_SHARE = 0.45;
/** Share of the sights of late from which a bike is in use, and the weight of a new one. */
export const MIN_IN_USE = 0.5;
export const IN_USE_GAIN = 0.3;
/** Least weight of a new sight in the mean outline. */
export const BOX_GAIN = 0.15;

// How many, and for how long (rule.ts, evaluate.ts).

/** ms; window of the median that takes flicker out of the counts. */
export const MEDIAN_MS = 3000;
/** ms; so short a dip below the threshold, or below the lower one, is somebody passing in front and ends no hold. */
export const MAX_DIP_MS = 10_000;
export const MAX_DEEP_DIP_MS = 3000;
/** ms; a bike that rolls in is taken for standing so long before it is at rest: the event starts when it surely is. */
export const AT_REST_MS = 500;
/** ms; a change is reported at most so often, and an event without any is sent again after the longer time. */
export const MIN_UPDATE_MS = 60_000;
export const MAX_UPDATE_MS = 600_000;
/** A count that changed by this share since the last report is one. */
export const MIN_CHANGED_SHARE = 0.25;
/** Points of an event's series: what the wire takes, thinned when it is full. */
export const MAX_SERIES = 60;

// How they lie (layout.ts).

/** Cells across and down the zone's outline: enough for a share in hundredths. */
export const GRID = 48;
/** m; a standing bike (GB 3565: wheels of 24 to 28 inches, handlebars up to 0.7 m). */
export const BIKE_LENGTH = 1.7;
export const BIKE_WIDTH = 0.6;
/** Without metres a standing bike covers the ground along its wheels: the lowest part of its box. */
export const GROUND_SHARE = 0.35;

// What the event says (finding.ts).

/** Boxes in an event: what the wire takes. */
export const MAX_OBJECTS = 200;
/** ms; a still of the tidy place is from so long before the hold began. */
export const BEFORE_MS = 500;
