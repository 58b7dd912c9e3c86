/** Chinese words of the console: the source of the keys. */
import { codes } from './codes.ts';
import { pages } from './pages.ts';

export const zh = { ...codes, ...pages };
export type Words = typeof zh;
