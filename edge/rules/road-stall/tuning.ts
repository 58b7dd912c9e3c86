/**
 * Constants of the road-stall rule, by the step that uses them. Where no source is named, a value was set on rendered
 * scenes and is held by the tests beside the rule. "Sizes" are those of the stall itself (`sizeOf` in spot.ts).
 */

// What a scene shows (sighting.ts).

/** A person within this many of his own heights of a stall stands by it. */
export const MAX_BESIDE_HEIGHTS = 0.5;
/** Score from which a person counts: who is missed leaves a stall unattended. */
export const MIN_PERSON_SCORE = 0.25;
/** Two sightings that share this much of the smaller one may be one thing seen twice … */
export const MIN_DOUBLE_SHARE = 0.5;
/** … and are, where the outlines agree, or one lies in the other, or both stand on one spot (sizes of the larger). */
export const MIN_DOUBLE_IOU = 0.35;
export const MIN_WITHIN_SHARE = 0.8;
export const MAX_SAME_SPOT_SIZES = 0.35;

/**
 * Weight of a composite's score beside that of the model's own class (second-opinion.ts): 1 would be two witnesses that know
 * nothing of each other, 0 one witness twice. Two lots of boxes of one inference lie between; set by reason, not measured.
 */
export const SECOND_OPINION_WEIGHT = 0.5;

// Where it stands (spot.ts).

/** Boxes jitter: what stands this near the zone, in sizes, is remembered, and its mean foot decides. */
export const MAX_ADMIT_SIZES = 0.25;
/** Once inside, a stall must leave by so many sizes: a mean foot on the very edge would come and go. */
export const MAX_LEAVE_SIZES = 0.08;
/** A stall within this many of its own heights of the shop-front line belongs to the shop, where metres are unknown. */
export const MAX_SHOP_HEIGHTS = 0.6;
/** A stall is about as deep as wide and a little taller: its size in frame heights, from whichever side it is seen. */
export const HEIGHT_TO_SIZE = 0.8;

// Things that stand still, of which composites are made (stationary-things.ts, composite.ts).

/** Least overlap with the remembered outline; a walker leaves his own within a second or two. */
export const MIN_STATIONARY_IOU = 0.45;
/** Weight of a new sight in the remembered outline: jitter averages out, a drift is not followed far. */
export const THING_GAIN = 0.1;
/** ms; a detector at its limit sees a prop in some frames only, and one that is away for longer is gone. */
export const PROP_FORGET_MS = 20_000;
/** ms; a vehicle is large and is seen or gone. */
export const VEHICLE_FORGET_MS = 10_000;
/** Least share of inferences in which a thing must have been seen, so that ghosts do not add up. */
export const MIN_THING_SHARE = 0.25;
/** Two boxes of one thing under two labels are one prop. */
export const MAX_DISTINCT_IOU = 0.5;
/** ms; time with customers is added up in slices of this length, so that what is long ago can be left out. */
export const SLICE_MS = 5000;
/** Furniture alone is a café's or a park's; what sells has a roof, wheels or wares. */
export const SELLING_CONCEPTS: readonly string[] = ['umbrella', 'cart', 'goods'];
/** Customers stand within this many of the vehicle's heights. */
export const MAX_CUSTOMER_HEIGHTS = 0.35;
/** Own heights by which a customer's feet may lie above or below the vehicle's. */
export const MAX_CUSTOMER_APART = 0.5;

// Which sighting belongs to which place (pairing.ts).

/** m; "a stall that shifts by a metre is the same one", and a tape is not that exact (violations.md, road-stall). */
export const MAX_SHIFT_METRES = 1.2;
/** Outlines that agree this well are the same stall, however far its foot has jumped. */
export const MIN_PLACE_IOU = 0.35;
/** The same for a composite, in shares of the smaller outline. */
export const MIN_COMPOSITE_SHARE = 0.6;
/** A stall that has just left its place and one that appears this many radii away are the same one … */
export const MAX_HANDOVER_RADII = 2;
/** … if the one is not much higher than the other. */
export const MIN_ALIKE_HEIGHT = 0.6;
export const MAX_ALIKE_HEIGHT = 1.7;
/** A place that moves on begins anew again and again, and never has so many sights. */
export const MIN_STANDING_HITS = 6;
/** Beyond so many sizes two boxes have nothing to do with each other. */
export const FAR_SIZES = 8;
/** Two places this near, in sizes, with outlines that agree are one place found twice. */
export const MAX_MERGE_SIZES = 0.3;
export const MIN_MERGE_IOU = 0.5;

// Arriving or standing (settling.ts).

/** ms; a stall that stood still for so long is settled. */
export const SETTLE_MS = 4000;
/** Sights whose mean is compared with the mean of those before: a box's foot jitters by some 7 % of its size. */
export const RECENT_SIGHTS = 3;
export const MIN_EARLIER_SIGHTS = 2;
/** Shift of the mean that is no jitter, in sizes. */
export const MAX_JITTER_SIZES = 0.25;
/** ms; from this time between frames on a single step of so many sizes tells: there are too few frames for means. */
export const SLOW_MS = 400;
export const MAX_STEP_SIZES = 0.45;

// A place's dwell (place.ts).

/** ms; a detector blinks and people pass in front, and so short a miss is presence. */
export const FLICKER_MS = 5000;
/** A place that is no event may drift this far from where it came to rest, in sizes and metres; more is who moves on. */
export const MAX_DRIFT_SIZES = 1.5;
export const MAX_DRIFT_METRES = 2;
/** ms; a stall that rolls in is taken for standing so long before it is at rest: the event starts when it surely is. */
export const AT_REST_MS = 500;
/** After a long miss so many sights make a stall that is back, each within so many ms or frames of the one before. */
export const MIN_BACK_HITS = 3;
export const BACK_MS = 1500;
export const BACK_FRAMES = 2.5;
/** Least weight of a new sight in the mean outline, the score, and the share of sights labelled cart. */
export const BOX_GAIN = 0.1;
export const SCORE_GAIN = 0.2;
export const CART_GAIN = 0.05;

// Who has a pitch (permission.ts).

/** What was seen less often may be nothing, and takes nobody's pitch. */
export const MIN_CERTAIN_HITS = 3;

// When it is an event (evaluate.ts).

/** Share of the watched time, and of the inferences, in which a place must have been seen: ghosts do not add up. */
export const MIN_SEEN_SHARE = 0.25;
export const MIN_HIT_SHARE = 0.25;
/** ms; an unfinished dwell is forgotten after so long without a view. */
export const MAX_BLIND_MS = 900_000;
/** A place earns its memory: what was there for a moment and is not seen again was a ghost or somebody who passed. */
export const MIN_MEMORY_MS = 2000;
export const MEMORY_FRAMES = 2.5;
export const MEMORY_PER_PRESENCE = 3;
/** ms; a change is reported at most so often, and an event without any is sent again after the longer time. */
export const MIN_UPDATE_MS = 60_000;
export const MAX_UPDATE_MS = 600_000;
/** ms; how old the last still of the stall may be when it is gone. */
export const LATEST_STILL_MS = 60_000;

// What the event says (finding.ts).

/** ms; a passer-by is no attendant. */
export const MIN_ATTENDED_MS = 2000;
/** A stall that was called a cart for this share of its sights is one. */
export const MIN_CART_SHARE = 0.6;
/** ms; a still of the empty place is from so long before anything came near. */
export const BEFORE_MS = 500;

// Whether it has arrived (arrival.ts); measured, see decision 32.

/** What stands for a sixth of the dwell (30 s of the usual 180), and half a minute at most, is part of the picture. */
export const DWELLS_TO_HOLD = 6;
export const MAX_HOLD_MS = 30_000;
/** s; a dwell that is shorter leaves no time to learn what a place looks like: nothing is asked to prove that it arrived. */
export const MIN_PROOF_DWELL_SECONDS = 10;
/** ms; what looks as it does for longer before anything was seen there did not come with it. */
export const ARRIVAL_MS = 86_400_000;
/** Share of a box, on each side, that is as likely street as stall. */
export const BOX_MARGIN = 0.1;
/** Share of the blocks with structure that have another look than before: a stall lets much of the street through. */
export const MIN_ARRIVED_SHARE = 0.35;
/** Agreement of the whole box with what it showed before (cosine of gradients) from which on it is the same thing in another light. */
export const MAX_AGREEMENT = 0.6;
/** The same where what is around the box has not changed with it: then it was not the light. */
export const MAX_LONE_AGREEMENT = 0.85;
/** Part of the box's share that may have changed around it, and within how many s. */
export const MAX_AROUND = 0.4;
export const AROUND_SECONDS = 60;
/** From here on it surely is. */
export const MIN_STANDING_AGREEMENT = 0.75;
/** Share that looks as at the first look, from which on that is what it is. */
export const MIN_STANDING_SHARE = 0.7;
/** Blocks with structure below which nothing can be told. */
export const MIN_TELLING_BLOCKS = 4;
/** Share of all its blocks with structure that these must be: behind a crowd nothing can be told. */
export const MIN_TELLING_SHARE = 0.25;
/** Share that must have changed since a thing was found standing before another one stands there: more than hides it. */
export const MIN_REPLACED_SHARE = 0.6;

// What has stood since the first look (standing.ts).

/** Outlines that agree so well are one thing. */
export const MIN_STANDING_IOU = 0.4;
/** ms; what was not seen for so long is forgotten, and would be proposed again. */
export const STANDING_MEMORY_MS = 30 * 86_400_000;
export const MAX_STANDING_THINGS = 64;
