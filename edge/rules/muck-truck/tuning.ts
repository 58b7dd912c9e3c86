/**
 * Constants of the muck-truck rule, by the step that uses them. Where no source is named, a value was set on rendered
 * scenes and is held by the tests beside the rule. "Heights" and "widths" are the truck's own, in the picture.
 */

// Time between scenes (rule.ts).

/** A time between two scenes beyond both of these is a gap, short as it is: a truck passes in a few seconds. */
export const MAX_STEP_MS = 2000;
export const MAX_STEP_PACES = 4;
/** Weight of a new step in the usual time between scenes. */
export const PACE_GAIN = 0.1;

// One truck from frame to frame (truck.ts).

/** Two boxes on one vehicle: the same one under two labels, or a second one beside or inside the first. */
export const MIN_DOUBLE_IOU = 0.6;
export const MIN_TWIN_IOU = 0.45;
export const MIN_TWIN_SHARE = 0.7;
/** How far from where it should be a truck may be found again, in widths, and for each second unseen up to so many. */
export const REACH_WIDTHS = 0.6;
export const REACH_WIDTHS_A_SECOND = 0.5;
export const MAX_REACH_SECONDS = 6;
/** A truck does not grow to so many times its area between two sights. */
export const MAX_GROWTH = 4;
/** The tracker's identity counts for so much of the reach, and is not believed across the yard. */
export const SAME_TRACK_BONUS = 0.25;
/** s; time constant of a truck's speed. */
export const VELOCITY_S = 0.5;
/** ms, and steps; what appears after a break in the place of a truck whose pass is decided is the next truck. */
export const BREAK_MS = 700;
export const BREAK_STEPS = 1.5;
/** ms; a truck that is hidden before it crossed is waited for; after the longer time it is another, whatever was seen. */
export const MAX_HIDDEN_MS = 10_000;
export const MAX_STITCH_MS = 20_000;

// Over the line (gate-line.ts).

/** s; time constant of the smoothing: a foot trembles by 6 % of the truck's height, and this halves it at 5 fps. */
export const LINE_SMOOTH_S = 0.5;
/** Heights beyond the line at which a truck is surely over it, and at which it is on its way. */
export const MIN_SURE_HEIGHTS = 0.15;
export const MIN_CLEAR_HEIGHTS = 0.4;
/** Two sights in a row this far beyond are no trembling, and the smoothed foot of a truck on the move lags behind. */
export const MIN_SURE_TWICE_HEIGHTS = 0.2;
/** The line is drawn from post to post, and a foot may pass by this share of its length outside. */
export const MAX_OVERHANG = 0.15;
/** ms; a truck that comes back over the line within this time has manoeuvred. */
export const TURN_BACK_MS = 10_000;

// When a pass is decided (truck.ts, rule.ts).

/** ms; a pass that is clear of the line is decided at this time after it at the soonest. */
export const DECIDE_MS = 800;
/** ms; out of the picture for this long, it has left. */
export const LEFT_MS = 1000;
/** While the truck is still in sight the vote must be clearer, by these frames and to this share of the weight. */
export const EARLY_FRAMES = 2;
export const EARLY_MAJORITY = 0.7;
/** ms; an open question of the bed holds the event up for this long after the line. */
export const MAX_HOLD_MS = 6000;
/** ms; updates of an event come at most so often. */
export const MIN_UPDATE_MS = 60_000;
/** Sights below which a truck has no pass: a flicker. */
export const MIN_SIGHTS = 3;

// Load and cover (votes.ts).

/** Share of the weight that the winner must have. */
export const MAJORITY = 0.6;
/** Share of the weight that must not be "unknown": where almost all frames were, the few others were mistakes. */
export const MIN_KNOWN_SHARE = 0.25;
/** Share of the weight that must call it a muck truck. */
export const MIN_MUCK_SHARE = 0.4;
/** A bed smaller than this share of the frame tells nothing, from the second share on all that it can. */
export const MIN_BED_AREA = 0.003;
export const FULL_BED_AREA = 0.03;
/** A box cut by the frame's edge, to this share of the frame, hides part of the bed. */
export const CUT_WEIGHT = 0.4;
export const EDGE = 0.004;
/** A new view begins this many heights further on; one view counts as so many frames at most. */
export const VIEW_HEIGHTS = 0.35;
export const MAX_VIEW_FRAMES = 5;
/** Views kept of one truck: a bound on the saved state. */
export const MAX_VIEWS = 80;

// In the wash box (wash.ts).

/** s; time constant of the foot that is inside the box or not: a truck by its edge must not flicker in and out. */
export const WASH_SMOOTH_S = 0.5;
/** ms; times without a sight that are mere blinks of the detector. */
export const WASH_BLINK_MS = 1500;
/** ms; the truth lies up to a frame away, and never further than this. */
export const WASH_SLACK_MS = 1000;

// The road and what lies on it (road.ts, spill.ts).

/** Share of the ground's cells, and their number, that must have changed together: leaves are smaller. */
export const MIN_PATCH_SHARE = 0.04;
export const MIN_PATCH_CELLS = 4;
/** ms; a detector misses what stands there now and then, so that a hidden cell stays hidden for this long. */
export const HIDE_MS = 2500;
/** s; time constant of the road's picture. */
export const ROAD_S = 3;
/** ms; a road not seen for this long is no "before". */
export const MAX_ROAD_AGE_MS = 600_000;
/** A truck is near within this share of its own size: its lamps and its shade are on the road already. */
export const NEAR_SHARE = 0.5;
/** Of a patch, what must be in sight to be evaluated, and what of that must still be there. */
export const MIN_IN_SIGHT_SHARE = 0.6;
export const MIN_STAYED_SHARE = 0.6;
/** Samples without the patch that it outlives: a lamp passes over it. */
export const MAX_PATCH_MISSES = 2;
/** ms; time out of sight that counts as there, when the patch is seen again. */
export const MAX_PATCH_HIDDEN_MS = 15_000;

// Cells of the road (ground-cells.ts, ground-change.ts).

/** How much a box is widened on each side, in its own size: shadows and mirrors stand beside it. */
export const HIDE_MARGIN = 0.05;
/** Corners on the wire; a rougher outline stands for a finer one. */
export const MAX_CORNERS = 48;
/** Levels added to both sides of a ratio, which keep those of dark cells from trembling. */
export const DARK_LEVELS = 8;
/** Deviation of a channel's log ratio from the mean of the three: shade and water darken all channels alike. */
export const MIN_CHROMA = 0.09;
/**
 * Shade is bluer than sun, and the sky's gloss bluer than the road: a change of light shifts colours by less than this
 * share of it. What turns darker and warmer is neither, so that less is enough there.
 */
export const CHROMA_OF_LIGHT = 0.45;
export const CHROMA_OF_WARM_DARK = 0.25;
/** However dark it has become: neither shade nor water turns a road this much warmer. */
export const CHROMA_OF_SOIL = 0.15;
/** Least difference of a channel, in levels: below it lies what compression does to a dark road. */
export const MIN_LEVELS = 8;
/** Grains: more contrast inside the cell than before, in shares of its brightness, with some change of that (log) too. */
export const MIN_GRAIN = 0.06;
export const MIN_GRAIN_LIGHT = 0.1;
/** Cells below which nobody knows what the light has done. */
export const MIN_REFERENCE_CELLS = 12;
/** When more than this share of the road around the patch changes too, it is the light and no spill. */
export const MAX_AROUND_SHARE = 0.35;
/** Cells around the patch below which that share means nothing. */
export const MIN_AROUND_CELLS = 8;

// Pictures (pictures.ts, finding.ts).

/** A picture must be so much better than the last one: each costs an encoding, and a plate's is sent once more. */
export const BETTER = 1.15;
/** Worth of a picture in which part of the truck lies outside the frame. */
export const CUT_QUALITY = 0.5;
/** The clip of a pass has the frames within so many heights of the line, while the truck moves, in heights a second. */
export const CLIP_HEIGHTS = 4;
export const MIN_CLIP_SPEED = 0.1;
