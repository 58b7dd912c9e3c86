/** The contract of a rule: a pure reducer over scenes, one state for each zone. */
import type { CameraKind } from '../../contracts/camera-kind.ts';
import type { EventObject, EventPhase } from '../../contracts/event.ts';
import type { EvidenceRole } from '../../contracts/evidence.ts';
import type { Calendar } from '../../contracts/schedule.ts';
import type { Detail, Observed, Params, ViolationKind } from '../../contracts/violations/index.ts';
import type { ZoneConfig } from '../../contracts/zone.ts';
import type { Composite } from './composite.ts';
import type { Concept } from './detection.ts';
import type { InferenceUrgency } from './inference-request.ts';
import type { Scene } from './scene.ts';

/** All that a rule knows of its place; constant while the node runs. */
export type RuleContext<K extends ViolationKind = ViolationKind> = {
  readonly zone: ZoneConfig<K>;
  /** Defaults, camera kind and zone filled in: nothing is optional here. */
  readonly params: Params<K>;
  readonly calendar: Calendar;
  readonly cameraKind: CameraKind;
  /** Stand-ins for classes that the model lacks, from its card. */
  readonly composites: readonly Composite[];
};

/**
 * Evidence that a finding asks for: the still kept under a slot, one from before an instant (ms), this frame, or the clip
 * of a slot.
 */
export type EvidenceRequest =
  | { readonly role: EvidenceRole; readonly from: 'slot'; readonly slot: string }
  | { readonly role: EvidenceRole; readonly from: 'history'; readonly before: number }
  | { readonly role: EvidenceRole; readonly from: 'clip'; readonly slot: string }
  | { readonly role: EvidenceRole; readonly from: 'frame' };

/** Keeps this frame under a slot until dropped (the best bed, the start of a dwell), or adds it to a clip. */
export type SlotUpdate = { readonly slot: string } | { readonly clip: string } | { readonly drop: string };

export type Finding<K extends ViolationKind = ViolationKind> = K extends ViolationKind
  ? {
      readonly kind: K;
      readonly phase: EventPhase;
      /** With node, camera, zone and kind this names the event: the same on replay, different for two at one instant. */
      readonly key: string;
      /** ms since the epoch, camera time. */
      readonly startedAt: number;
      readonly at: number;
      readonly endedAt: number | null;
      readonly score: number;
      readonly objects: readonly EventObject[];
      readonly detail: Detail<K>;
      readonly stills: readonly EvidenceRequest[];
    }
  : never;

/** What a rule saw, whether or not it is a violation. `at`: ms since the epoch, camera time. */
export type Observation<K extends ViolationKind = ViolationKind> = K extends ViolationKind
  ? { readonly kind: K; readonly at: number; readonly observed: Observed<K> }
  : never;

export type Step<K extends ViolationKind, S> = {
  readonly state: S;
  readonly findings: readonly Finding<K>[];
  readonly slots: readonly SlotUpdate[];
  readonly observations: readonly Observation<K>[];
};

/** `S` must survive JSON: it is saved every 10 s and restored at start. */
export type Rule<K extends ViolationKind, S> = {
  readonly kind: K;
  /** Goes into the event; raise it when the same scenes would give other events. */
  readonly version: string;
  /** How soon an inference that the rule waits for should begin: the camera's is that of its most urgent rule. */
  readonly urgency: InferenceUrgency;
  /** While one of these is about, the zone's ground is sampled at the faster pace. */
  readonly groundBusyWith?: readonly Concept[];
  /**
   * How long what a block of the picture looks like must hold to be its background, ms; null = the rule asks for no
   * background. A camera has one model: the shortest time of its zones counts.
   */
  readonly backgroundHoldMs?: (context: RuleContext<K>) => number | null;
  /**
   * Mean score that the rule asks of a thing on every spot; the camera's memory may raise it where boxes have meant
   * nothing. Without the question no bar rises.
   */
  readonly scoreAsked?: (params: Params<K>) => number;
  readonly init: () => S;
  readonly step: (state: S, scene: Scene, context: RuleContext<K>) => Step<K, S>;
  /** Nothing is under way that beginning anew would lose. */
  readonly isIdle: (state: S) => boolean;
  /** Things that look like a violation now and have stood since the first look; a rule without the question has none. */
  readonly presentSinceStart?: (state: S) => number;
};
