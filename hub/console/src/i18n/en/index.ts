/** English words of the console. */
import type { Words } from '../zh/index.ts';
import { codes } from './codes.ts';
import { memory } from './memory.ts';
import { pages } from './pages.ts';
import { registry } from './registry.ts';

export const en: Words = { ...codes, ...memory, ...pages, ...registry };
