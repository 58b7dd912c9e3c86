/** The tracker: gives detections an identity over time. A pure reducer; its state survives JSON. */
export {
  initTracker,
  outlinesOf,
  stepTracker,
  type TrackerState,
} from './tracker.ts';
