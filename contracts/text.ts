/** Text for people: Chinese and English side by side wherever a person reads it. */
import { type Static, Type } from '@sinclair/typebox';

/** Something that can be seen: blanks, soft hyphens and marks of no width are not words. */
const SEEN = '[^\\s\\u00ad\\u200b-\\u200f\\u2060-\\u2064\\ufeff]';

/** Text that says something, e.g. a reason that the audit trail will be asked for. */
export const words = (maxLength: number, options: { readonly description?: string } = {}) =>
  Type.String({ minLength: 1, maxLength, pattern: SEEN, ...options });

export const Bilingual = Type.Object({ zh: words(200), en: words(200) }, { additionalProperties: false });
export type Bilingual = Static<typeof Bilingual>;
