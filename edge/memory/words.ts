/** What people decided of cases, held against the places where these stood; every word can be taken back. */
import type { CaseSight, MemoryLight, MemoryOrder, MemoryThing } from '../../contracts/camera-memory.ts';
import { eachCell, thingOf } from './cells.ts';
import { layerOf, type MemoryState, type SpokenWord } from './memory-state.ts';
import { MAX_WORDS } from './tuning.ts';

export type CaseDecision = Extract<MemoryOrder, { command: 'verdict' }>;

type Place = { readonly light: MemoryLight; readonly thing: MemoryThing; readonly cells: Set<number> };

/** Each cell once for each thing and light, however many sights a case has. */
function placesOf(sights: readonly CaseSight[], lightOf: (at: number) => MemoryLight): Place[] {
  const places = new Map<string, Place>();
  for (const { class: concept, box, at } of sights) {
    const thing = thingOf(concept);
    if (!thing) continue;
    const light = lightOf(Date.parse(at));
    const key = `${light}/${thing}`;
    const place = places.get(key) ?? { light, thing, cells: new Set<number>() };
    places.set(key, place);
    eachCell(box, (cell) => void place.cells.add(cell));
  }
  return [...places.values()];
}

/** A real thing stands there by lamplight too. */
const inBothLights = (places: readonly Place[]): Place[] =>
  places.flatMap((place) => [
    { ...place, light: 'day' as const },
    { ...place, light: 'night' as const },
  ]);

/** @param fade what is left of a weight of 1 that was counted then */
function takeBack(state: MemoryState, word: SpokenWord, fade: number): void {
  for (const { light, thing, cells } of word.places) {
    const counter = layerOf(state, light, thing).counters[word.counter];
    for (const cell of cells) counter[cell] = Math.max(0, (counter[cell] as number) - fade);
  }
}

/**
 * Counts a decision. The last word on a case holds, and the same one twice counts once. A confirmed case takes every doubt
 * from its place at once; when that word is taken back, the doubt must grow anew.
 *
 * @param fadeSince what is left at `at` of a weight of 1 that was counted then
 */
export function takeDecision(
  state: MemoryState,
  { case: id, verdict, sights }: CaseDecision,
  at: number,
  parts: { readonly lightOf: (at: number) => MemoryLight; readonly fadeSince: (then: number) => number },
): void {
  for (const word of state.words) if (word.case === id) takeBack(state, word, parts.fadeSince(word.at));
  const others = state.words.filter((word) => word.case !== id);
  state.words = others;
  if (verdict === 'none') return;
  const seen = placesOf(sights, parts.lightOf);
  const places = verdict === 'confirmed' ? inBothLights(seen) : seen;
  for (const { light, thing, cells } of places) {
    const { counters } = layerOf(state, light, thing);
    for (const cell of cells) {
      (counters[verdict][cell] as number) += 1;
      if (verdict !== 'confirmed') continue;
      counters.days[cell] = 0;
      counters.rejected[cell] = 0;
    }
  }
  const kept = places.map(({ cells, ...place }) => ({ ...place, cells: [...cells] }));
  state.words = [...others, { case: id, counter: verdict, at, places: kept }].slice(-MAX_WORDS);
}
