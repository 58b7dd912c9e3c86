/** English words of links; the compiler holds the keys equal to the Chinese ones. */
import type { links as zh } from '../zh/links.ts';

export const links: typeof zh = {
  link: {
    title: 'Linked cases',
    proposed: 'Likely the same',
    merged: 'Merged into one',
    refused: 'Called not the same',
    by: '{{name}} · {{at}}',
    samePlate: 'same plate {{plate}}',
    sameSite: 'same site',
    apart: 'cameras {{metres}} m apart',
    onGround: '{{metres}} m apart on the ground',
    between: '{{span}} between',
    atOnce: 'seen at the same time',
    travel: 'travel {{kmh}} km/h',
    still: 'Newest still of the other case',
    noStill: 'No still yet',
    open: 'Open case {{number}}',
    merge: 'The same: merge',
    refuse: 'Not the same',
    split: 'Split into two again',
    restore: 'Take up again',
    mergeThere: 'This case is confirmed and the other is not: open the other one and merge it into this.',
    failed: 'Linked cases could not be loaded',
    more_one: '{{count}} more',
    more_other: '{{count}} more',
    done: '{{what}}: {{number}}',
  },
};
