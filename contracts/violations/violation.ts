/** What a violation entry must say: everything the hub, the console and the reports need to show it. */
import type { Static, TObject } from '@sinclair/typebox';
import type { CameraKind } from '../camera-kind.ts';
import type { EvidenceRole } from '../evidence.ts';
import type { Bilingual } from '../text.ts';

/** A code means nothing without its table: two tables with the same numbers are in use (GB/T 30428, city tables). */
export type MatterCode = { readonly scheme: string; readonly code: string };

/** Time to handle a case, in the units of a city's table: 紧急工作时 run round the clock, 工作时 and 工作日 in working time. */
export type HandlingLimit = {
  readonly amount: number;
  readonly unit: 'running-hours' | 'working-hours' | 'working-days';
};

/** An item of a filing table that cases of this kind come under; the office may edit it. */
export type FilingItem = MatterCode & {
  readonly title: Bilingual;
  /** Only where the case has one of these reasons; left out: whatever its reason. */
  readonly reasons?: readonly string[];
  /** Left out where the table gives none. */
  readonly limit?: HandlingLimit;
};

type WordsIn<T> = T extends readonly (infer U)[]
  ? WordsIn<U>
  : T extends string
    ? string extends T
      ? never
      : T
    : never;
/** By field of a detail `D`, each value that is a word: the compiler asks for every word of an enumeration. */
export type DetailValues<D> = {
  readonly [F in keyof D as [WordsIn<D[F]>] extends [never] ? never : F]-?: Readonly<Record<WordsIn<D[F]>, Bilingual>>;
} & { readonly [F in keyof D]?: Readonly<Record<string, Bilingual>> };

/** What a notice to the manager of the case's site says. */
export type NoticeWords<D> = {
  /** By reason: what was found, and what is to be done about it; a test holds them complete. */
  readonly reasons: Readonly<Record<string, { readonly found: Bilingual; readonly required: Bilingual }>>;
  /** Fields of the detail that the document states, several in one line. */
  readonly facts: readonly { readonly label: Bilingual; readonly fields: readonly (keyof D & string)[] }[];
  /** Reasons whose notice never waits to be sent with others: what goes on doing harm until somebody acts. */
  readonly urgent?: readonly string[];
  /** The duty that was breached; the office edits the list to its own county's practice. */
  readonly legalBasis: readonly string[];
};

/** One figure that is counted of observations, hour by hour: `sum` adds them up, `max` keeps the largest. */
export type Statistic<T> = {
  readonly title: Bilingual;
  readonly fold: 'sum' | 'max';
  readonly of: (observation: T) => number;
};

export type ViolationEntry<
  K extends string,
  P extends TObject,
  D extends TObject,
  G extends TObject,
  O extends TObject,
> = {
  readonly kind: K;
  readonly title: Bilingual;
  readonly summary: Bilingual;
  readonly matters: readonly MatterCode[];
  /** The items of each table, with the limits that they give; left out: `matters`, with the limits of `handling`. */
  readonly filing?: readonly FilingItem[];
  /** Rule parameters of a zone, each with a default, bounds, a unit and a description. */
  readonly params: P;
  /** `detail` of the event. */
  readonly detail: D;
  /** What is drawn for a zone of this kind beside its polygon. */
  readonly geometry: G;
  /** What cannot be true between shapes that are each sound, with the field to look at; null when all is well. */
  readonly geometryFault?: (geometry: Static<G>) => { readonly field: string; readonly message: string } | null;
  /**
   * What makes two events of one zone the same case: `place` = seen on the same spot, `zone` = anywhere in the zone,
   * `event` = never, each event is a case of its own.
   */
  readonly joins: 'place' | 'zone' | 'event';
  /** Labels of the detail's fields, for people; a test holds them complete. */
  readonly detailLabels: Readonly<Record<string, Bilingual>>;
  /** Its words, for people; in one that takes the rest of the value along, `{}` stands for the rest. */
  readonly detailValues: DetailValues<Static<D>>;
  /** Field of the detail that says why it is a violation: one word or several. */
  readonly reasonField: keyof Static<D> & string;
  /** From dispatch on. Where several reasons hold, the shortest of `limit` and theirs. */
  readonly handling: { readonly limit: HandlingLimit; readonly byReason?: Readonly<Record<string, HandlingLimit>> };
  /** Roles of the stills that show the violation, most telling first; others are shown where there are none of these. */
  readonly stillOrder: readonly EvidenceRole[];
  /** Field of the detail that holds a vehicle's plate, `{ text, score }` or null; without it there is no plate to ask for. */
  readonly plateField?: keyof Static<D> & string;
  /** Fields of the detail that say the same wherever one thing is seen; `unknown` says nothing. */
  readonly sameFields?: readonly (keyof Static<D> & string)[];
  /** What stands on the plate is looked for in the haulage permits (运输路线牌) of the case's site. */
  readonly needsHaulagePermit?: boolean;
  /** Only where a site's manager is notified when a case is confirmed. */
  readonly notice?: NoticeWords<Static<D>>;
  /** The rule reads load and cover of truck beds: the model must be as good at these as at boxes. */
  readonly readsBeds?: boolean;
  /** Parameters that the place asks for in place of the defaults; what the zone itself says wins over both. */
  readonly placeDefaults?: (geometry: Static<G>, cameraKind: CameraKind) => Partial<Static<P>>;
  /** One that is lawful, with every shape drawn: for tests, demonstrations and documents. */
  readonly sample: { readonly detail: Static<D>; readonly geometry: Static<G> };
  /** What a rule of this kind saw, said whether or not it is a violation: one gate pass, one count of what stands. */
  readonly observation: O;
  /** What is counted of observations for the hub's statistics. */
  readonly statistics: Readonly<Record<string, Statistic<Static<O>>>>;
};

/**
 * An entry of the written list (`contracts/violations/index.ts`), typed by its own schemas.
 * @example export const parking = defineViolation({ kind: 'parking', title: { zh: '违停', en: 'Parking' }, … });
 */
export function defineViolation<
  const K extends string,
  P extends TObject,
  D extends TObject,
  G extends TObject,
  O extends TObject,
>(entry: ViolationEntry<K, P, D, G, O>): ViolationEntry<K, P, D, G, O> {
  return entry;
}
