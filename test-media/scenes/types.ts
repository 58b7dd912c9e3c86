// What the scene page and its drivers say to each other, and the shape of the truth beside a clip.

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

export interface TruckPass {
  at: number;
  direction: 'outbound' | 'inbound';
  way: 1 | -1;
  load: 'loaded' | 'empty';
  cover: 'covered' | 'uncovered' | 'partly';
  spill?: boolean;
}

export interface StoryOptions {
  duration: number;
  weather: Weather;
  stalls?: number;
  builds?: ('umbrella' | 'tent' | 'cart' | 'table')[];
  left?: number;
  tidied?: boolean;
  /** Rows far enough apart that no bike hides another. */
  apart?: boolean;
  passes?: TruckPass[];
}

export interface SceneSpec {
  story: StoryName;
  seed: number;
  options?: StoryOptions;
}

export interface FrameLabel {
  class: string;
  box: [number, number, number, number];
  visible: number;
  load?: string;
  cover?: string;
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
  zones: TruthZone[];
  violations: TruthViolation[];
}
