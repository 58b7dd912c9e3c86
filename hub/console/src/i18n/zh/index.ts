/** Chinese words of the console: the source of the keys. */
import { codes } from './codes.ts';
import { deliveries } from './deliveries.ts';
import { ladder } from './ladder.ts';
import { memory } from './memory.ts';
import { orders } from './orders.ts';
import { pages } from './pages.ts';

export const zh = { ...codes, ...deliveries, ...ladder, ...memory, ...orders, ...pages };
export type Words = typeof zh;
