/** Chinese words of the console: the source of the keys. */
import { codes } from './codes.ts';
import { memory } from './memory.ts';
import { pages } from './pages.ts';
import { registry } from './registry.ts';

export const zh = { ...codes, ...memory, ...pages, ...registry };
export type Words = typeof zh;
