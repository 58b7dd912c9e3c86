/** Text for people: Chinese and English side by side wherever a person reads it. */
import { type Static, Type } from '@sinclair/typebox';

export const Bilingual = Type.Object(
  { zh: Type.String({ minLength: 1 }), en: Type.String({ minLength: 1 }) },
  { additionalProperties: false },
);
export type Bilingual = Static<typeof Bilingual>;
