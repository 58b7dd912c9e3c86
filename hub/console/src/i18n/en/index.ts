/** English words of the console. */
import type { Words } from '../zh/index.ts';
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

export const en: Words = {
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
