/** Every detector family: a new one is a folder and a line here. */
import { detr } from './detr/family.ts';
import { detrEnd2end } from './detr-end2end/family.ts';
import { end2end } from './end2end/family.ts';
import type { DetectorFamily, FilledOutputs } from './family.ts';
import { kerb } from './kerb/family.ts';
import { nanodet } from './nanodet/family.ts';
import { nanodetPlus } from './nanodet-plus/family.ts';
import { yolov8 } from './yolov8/family.ts';
import { yolox } from './yolox/family.ts';

export const families = [kerb, yolox, nanodet, nanodetPlus, yolov8, end2end, detr, detrEnd2end] as const;

type Listed = (typeof families)[number];
export type Family = Listed['name'];

/** What a family gives, defaults filled in. */
export type FamilyOutputs = {
  readonly [L in Listed as L['name']]: { readonly family: L['name'] } & FilledOutputs<L['outputs']>;
}[Family];

/** The family of that name, or null. */
export function findFamily(name: unknown): DetectorFamily<Family> | null {
  return families.find((family) => family.name === name) ?? null;
}

/** The family of a checked card. Throws TypeError for any other, which must not pass for an empty street. */
export function familyOf({ family }: { readonly family: string }): DetectorFamily<Family> {
  const found = findFamily(family);
  if (!found) throw new TypeError(`no decoder for the family ${family}`);
  return found;
}
