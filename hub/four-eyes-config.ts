/** The part of the hub's configuration that says what needs a second person's approval. */
import { type Static, Type } from '@sinclair/typebox';

const asked = (what: string) => Type.Optional(Type.Boolean({ default: false, description: what }));

export const FourEyesConfig = Type.Object(
  {
    export: asked('Case packages and registers leave the hub only once a second person has approved it'),
    delete: asked('A node is unregistered only once a second administrator has approved it'),
    minutes: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: 10_080,
        default: 60,
        description: 'A request waits so long for the second person, and an approval so long to be used, min',
      }),
    ),
  },
  { additionalProperties: false, description: 'What needs a second named person; left out: nothing' },
);
export type FourEyesConfig = Static<typeof FourEyesConfig>;
