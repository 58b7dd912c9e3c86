/** Chinese words of the console: the source of the keys. */
import { codes } from './codes.ts';
import { memory } from './memory.ts';
import { pages } from './pages.ts';
import { reports } from './reports.ts';

export const zh = { ...codes, ...memory, ...pages, ...reports };
export type Words = typeof zh;
