/** Chinese words of the console: the source of the keys. */
import { access } from './access.ts';
import { codes } from './codes.ts';
import { deliveries } from './deliveries.ts';
import { ladder } from './ladder.ts';
import { memory } from './memory.ts';
import { orders } from './orders.ts';
import { pages } from './pages.ts';
import { registry } from './registry.ts';
import { reports } from './reports.ts';
import { units } from './units.ts';

export const zh = {
  ...access,
  ...codes,
  ...memory,
  ...pages,
  ...units,
  ...reports,
  ...deliveries,
  ...ladder,
  ...orders,
  ...registry,
};
export type Words = typeof zh;
