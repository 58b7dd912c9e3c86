/** The tracker: gives detections an identity over time. A pure reducer; its state survives JSON. */
export {
  crowdTrackerOptions,
  defaultTrackerOptions,
  initTracker,
  stepTracker,
  type TrackerOptions,
  type TrackerState,
} from './tracker.ts';
