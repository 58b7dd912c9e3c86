/** What the scene page and its drivers say to each other, and the shape of the truth beside a clip. */

export type Point = readonly [number, number];
export type SceneKind = 'road-stall' | 'bike-clutter' | 'muck-truck' | 'none';
export type StoryName = 'street' | 'bike' | 'gate' | 'still';

export interface Weather {
  light: 'day' | 'overcast' | 'low-sun' | 'dusk' | 'night' | 'infrared';
  rain: boolean;
  fog: boolean;
  /** Water on the ground; as a rule where it rains. */
  wet?: boolean;
}

export type World =
  | 'shopping-street'
  | 'market-gate'
  | 'school'
  | 'heritage-apron'
  | 'metro-exit'
  | 'site-gate'
  | 'arterial';

/** What complaints say is taken for a violation and is none. */
export type Negative =
  | 'standing-groups'
  | 'awnings'
  | 'planters'
  | 'piles'
  | 'tarpaulins'
  | 'statues'
  | 'parked-cars'
  | 'permitted-stalls'
  | 'brief-stops'
  | 'moving-shadows'
  | 'puddles'
  | 'leaves'
  | 'trade-inside'
  | 'riders-passing'
  | 'bikes-at-light'
  | 'carried-bikes'
  | 'few-bikes'
  | 'full-bay'
  | 'covered-trucks'
  | 'empty-trucks'
  | 'sheet-like-load'
  | 'partly-covered'
  | 'other-lorries'
  | 'shadow'
  | 'water-film';

/** Overrides of the lens that the seed draws; see `page/lens.js`. */
export interface LensChoice {
  noise?: number;
  blur?: number;
  dirt?: number;
  shake?: number;
  clock?: 'top-left' | 'top-right' | 'bottom-right' | null;
}

export interface TruckPass {
  /** When its nose is at the gate, s. */
  at: number;
  direction: 'outbound' | 'inbound';
  way: 1 | -1;
  load: 'loaded' | 'empty';
  cover: 'covered' | 'uncovered' | 'partly';
  spill?: boolean;
  /** Halts in the wash box long enough. */
  washed?: boolean;
  /** The sheet has the load's colour. */
  likeLoad?: boolean;
  /** A lorry of another trade in the truck's place. */
  vehicle?: 'lorry';
}

export type StallBuild = 'umbrella' | 'tent' | 'cart' | 'table' | 'tricycle' | 'blanket';

export interface StoryOptions {
  duration: number;
  weather: Weather;
  world?: World;
  negatives?: Negative[];
  lens?: LensChoice;
  /** Street: stalls that come; how many of them sell from the cart as it is. */
  stalls?: number;
  roaming?: number;
  builds?: StallBuild[];
  /** Whether the first stall leaves before the end; by the seed where it is not said. */
  leaves?: boolean;
  /** Street: a shop's goods are carried out over its line. */
  shopGoods?: boolean;
  /** Street: the zone has a permit whose hours hold, do not hold, or hold for one stall. */
  permit?: 'open' | 'closed' | 'over';
  /** Bikes: which ground; how many are left there, how many of them stand from the beginning, how many stand in the bay. */
  place?: 'pavement' | 'tactile' | 'heritage-apron' | 'gate' | 'walkway';
  left?: number;
  standing?: number;
  inBay?: number;
  capacity?: number;
  tidied?: boolean;
  falls?: number;
  /** Gate: who passes, and whether there is a wash box. */
  passes?: TruckPass[];
  washBox?: boolean;
  /** Still: who stands there, `casts` of the page by name; everybody by default. */
  cast?: 'trucks' | 'sheets' | 'traffic' | 'pavement' | 'planters';
}

/** How a real camera hangs, as far as its picture tells; see `page/real-stage.js`. */
export interface RealView {
  /** Vertical, degrees. */
  fov: number;
  /** Width to height of what is seen; pixels of old formats are not square. */
  aspect: number;
  /** Row of the horizon, in shares of the picture. */
  horizon: number;
  /** m over the ground. */
  height: number;
  /** Where in the picture the middle of the story stands, in shares. */
  at: Point;
  /** Turns the story about its middle, radians. */
  heading: number;
}

export interface SceneSpec {
  story: StoryName;
  seed: number;
  options?: StoryOptions;
  /** Before a real camera instead of in a world of its own. */
  real?: RealView;
}

/** How a clip is compressed; bits per pixel and frame set the rate. */
export interface Encoding {
  codec: 'h264' | 'h265';
  gopSeconds: number;
  bitsPerPixel: number;
}

/** `scene` of a truth file: what to sort scores by. */
export interface SceneDescription {
  seed: number;
  world: World;
  light: Weather['light'];
  weather: 'dry' | 'wet' | 'rain' | 'fog';
  negatives: Negative[];
}

export interface FrameLabel {
  class: string;
  box: [number, number, number, number];
  visible: number;
  load?: string;
  cover?: string;
}

/** What a cut-out shows; see `page/cutout-casts.js`. */
export const cutoutFocuses = [
  'stalls',
  'carts',
  'trucks',
  'bikes',
  'people',
  'umbrellas',
  'lorries',
  'decoys',
] as const;

export interface CutoutRequest {
  seed: number;
  focus: (typeof cutoutFocuses)[number];
  views: number;
}

/** A thing with alpha in the upper half of a PNG, its shadow (black with alpha) in the lower; boxes in shares of one half. */
export interface DrawnCutout {
  /** Base64. */
  png: string;
  /** Width and height of one half, px. */
  size: [number, number];
  /** From where it was seen: metres, degrees below the horizon, px a metre on the ground and the place [x, y] of its foot in shares. */
  camera: {
    mount: 'mast' | 'hand' | 'house';
    height: number;
    distance: number;
    depression: number;
    light: string;
    pixelsPerMetre: number;
    foot: [number, number];
  };
  objects: FrameLabel[];
}

export interface TruthZone {
  id: string;
  kind: string;
  polygon: Point[];
  params: Record<string, number>;
  [extra: string]: unknown;
}

export interface TruthViolation {
  kind: string;
  zone: string;
  from: number;
  to: number;
  dueAt: number;
  detail: Record<string, unknown>;
}

export interface OpenedScene {
  kind: string;
  /** False when no drawn camera showed all that must be seen and the safe one was taken. */
  seen?: boolean;
  zones: TruthZone[];
  violations: TruthViolation[];
  /** What the scene chose for itself where its specification left it open. */
  weather?: Weather;
}
