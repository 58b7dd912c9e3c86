// Who stands in a cut-out: one thing of a sort, with the people and things that belong to it. x runs along a stall's front, which faces +z.
import * as THREE from 'three';
import { makeBike, makeRiddenBike } from './bikes.js';
import { streetDecoys } from './cutout-decoys.js';
import { makeLoadedCart, makeMarketStall } from './market.js';
import { makeMuckTruck } from './muck.js';
import { makePerson, makeSitter } from './people.js';
import { makeAwning, makePile, makePlanter, makeStatue, makeTarpaulin, matchSheet } from './props.js';
import { makeCart, makeLoneUmbrella, makeStall } from './stall.js';
import { makeBus, makeCar, makeLorry, makeMoped } from './vehicles.js';

const towards = -Math.PI / 2;
const away = Math.PI / 2;

function someone(rng, x, z, heading, sits = 0) {
  const who = rng.chance(sits) ? makeSitter(rng) : makePerson(rng, { umbrella: rng.chance(0.06) });
  who.place(x, z, heading + rng.between(-0.7, 0.7));
  who.step?.(rng.between(0, 3));
  return who;
}

function attended(rng, stall) {
  const { width, depth } = stall;
  const list = [stall];
  const at = () => rng.between(-width / 2, width / 2);
  if (rng.chance(0.7)) list.push(someone(rng, at(), -depth / 2 - rng.between(0.3, 0.8), towards, 0.4));
  if (rng.chance(0.15)) list.push(someone(rng, (width / 2 + 0.5) * rng.sign(), rng.between(-0.5, 0.5), towards, 0.6));
  if (rng.chance(0.45))
    for (let i = rng.whole(1, 3); i > 0; i--)
      list.push(someone(rng, at(), depth / 2 + rng.between(0.4, 1.3), away, 0.1));
  return list;
}

const anyStall = (rng) => (rng.chance(0.35) ? makeStall(rng) : makeMarketStall(rng));

function stalls(rng) {
  const list = attended(rng, anyStall(rng));
  if (rng.chance(0.15)) {
    const next = anyStall(rng);
    next.place(
      list[0].width / 2 + next.width / 2 + rng.between(0.3, 1),
      rng.between(-0.4, 0.4),
      rng.between(-0.3, 0.3),
    );
    list.push(next);
  }
  if (rng.chance(0.08)) list.push(makeBike(rng).place(-list[0].width / 2 - 0.8, 0, rng.between(0, 3)));
  return list;
}

function carts(rng) {
  const cart = rng.chance(0.3) ? makeCart(rng) : makeLoadedCart(rng);
  const list = [cart];
  if (rng.chance(0.65))
    list.push(someone(rng, rng.sign() * rng.between(1.1, 1.7), rng.between(-0.3, 0.3), rng.pick([0, Math.PI])));
  return list;
}

function tint(mesh, rng, lightness) {
  const { color } = mesh.geometry.attributes;
  for (let i = 0; i < color.count; i += 3) {
    const k = lightness * rng.between(0.85, 1.1);
    for (let j = 0; j < 3; j++) color.setXYZ(i + j, k, k * 0.97, k * 0.92);
  }
}

const beds = [
  ['loaded', 'covered'],
  ['loaded', 'uncovered'],
  ['empty', 'uncovered'],
  ['loaded', 'covered'],
  ['loaded', 'partly'],
  ['loaded', 'uncovered'],
  ['empty', 'uncovered'],
  ['loaded', 'covered'],
];

function trucks(rng, turn) {
  const [load, cover] = beds[turn % beds.length];
  const truck = makeMuckTruck(rng, { load, cover });
  const [, heap, sheet] = truck.objects[0].bed;
  if (load === 'loaded' && rng.chance(0.25)) tint(heap, rng, rng.between(0.12, 0.5));
  if (cover === 'uncovered' && load === 'loaded' && rng.chance(0.4)) heap.position.y -= rng.between(0, 0.3);
  if (sheet && cover === 'covered' && rng.chance(0.12)) matchSheet(truck);
  return [truck];
}

function bikes(rng) {
  const n = rng.whole(1, 7);
  const pitch = rng.between(0.45, 0.9);
  const lean = rng.between(-0.5, 0.5);
  if (n === 1 && rng.chance(0.5)) return [makeRiddenBike(rng, rng.chance(0.6))];
  return Array.from({ length: n }, (_, i) =>
    makeBike(rng, { shared: rng.chance(0.75), fallen: rng.chance(0.1) }).place(
      (i - n / 2) * pitch,
      rng.between(-0.2, 0.2),
      away + lean + rng.between(-0.15, 0.15),
    ),
  );
}

function people(rng) {
  const n = rng.pick([1, 1, 2, 3]);
  return Array.from({ length: n }, (_, i) =>
    someone(rng, i * rng.between(0.4, 0.8), rng.between(-0.5, 0.5), rng.between(0, 6.3), 0.15),
  );
}

function umbrellas(rng) {
  if (rng.chance(0.3)) return [makePerson(rng, { umbrella: true })];
  const list = [makeLoneUmbrella(rng)];
  if (rng.chance(0.4))
    list.push(someone(rng, rng.between(-0.8, 0.8), rng.between(-0.6, 0.6), rng.between(0, 6.3), 0.6));
  return list;
}

const lorries = (rng) => [rng.pick([makeLorry, makeLorry, makeLorry, makeBus, makeCar])(rng)];

/** What is none of our classes though it looks like it, now and then with somebody beside it as a vendor would be. */
function decoys(rng) {
  if (rng.chance(0.6)) return rng.pick(streetDecoys)(rng);
  const make = rng.pick([
    makePlanter,
    makePlanter,
    makePile,
    makePile,
    makeTarpaulin,
    makeTarpaulin,
    makeAwning,
    makeStatue,
    makeMoped,
  ]);
  const list = [make(rng)];
  if (rng.chance(0.4))
    list.push(someone(rng, rng.between(-1, 1), rng.sign() * rng.between(0.8, 1.4), rng.between(0, 6.3), 0.3));
  return list;
}

/** Casts by name: each makes placed actors from a generator and the number of the cut-out. */
export const cutoutCasts = { stalls, carts, trucks, bikes, people, umbrellas, lorries, decoys };

/** Actors of a cast under one root. */
export function gather(focus, rng, turn) {
  const actors = cutoutCasts[focus](rng, turn);
  const root = new THREE.Group();
  for (const one of actors) root.add(one.root);
  return { root, objects: actors.flatMap((one) => one.objects) };
}
