/** Where a case comes from (信息来源): a camera's event, or a report and the door that it came in by. */
import { type Static, Type } from '@sinclair/typebox';

/** Purposes of API keys: whose reports come in with them. */
export const keyPurposes = ['hotline', 'wechat', 'app', 'other'] as const;
export const KeyPurpose = Type.Unsafe<(typeof keyPurposes)[number]>(
  Type.Union(keyPurposes.map((purpose) => Type.Literal(purpose))),
);
export type KeyPurpose = Static<typeof KeyPurpose>;

/** Source of what a camera found. */
export const CAMERA_SOURCE = 'video_ai';

export const caseSources = [CAMERA_SOURCE, ...keyPurposes] as const;
export const CaseSource = Type.Unsafe<(typeof caseSources)[number]>(
  Type.Union(caseSources.map((source) => Type.Literal(source))),
);
export type CaseSource = Static<typeof CaseSource>;
