/** The templates that documents are made of: the ones that ship, or an office's own by the configuration. */
import { resolve } from 'node:path';
import type { Static } from '@sinclair/typebox';
import { AppError, type Fault } from '../../../platform/app-error.ts';
import { readYaml } from '../../../platform/read-yaml.ts';
import { faultsOf, isValid } from '../../../platform/validate.ts';
import type { TemplateFiles } from '../config.ts';
import { correctionOrderTemplate } from './correction-order.ts';
import { reminderTemplate } from './reminder.ts';
import { NoticeTemplate, noticeNames, orderNames } from './template.ts';

export type NoticeTemplates = Readonly<Record<keyof TemplateFilesOf, NoticeTemplate>>;
type TemplateFilesOf = Required<Static<typeof TemplateFiles>>;

export const shippedTemplates: NoticeTemplates = {
  reminder: reminderTemplate,
  correctionOrder: correctionOrderTemplate,
};

/** Names that each document may use. */
const known: Readonly<Record<keyof NoticeTemplates, readonly string[]>> = {
  reminder: noticeNames,
  correctionOrder: [...noticeNames, ...orderNames],
};

/** A name in braces that nothing is filled in for would stand as a blank in every document. */
function nameFaults(template: NoticeTemplate, names: readonly string[]): Fault[] {
  const used = [...JSON.stringify(template).matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  const strange = [...new Set(used)].filter((name) => !names.includes(name));
  return strange.map((name) => ({ path: '', message: `{${name}} is no name; names: ${names.join(', ')}` }));
}

async function readTemplate(file: string, kind: keyof NoticeTemplates): Promise<NoticeTemplate> {
  const value = await readYaml(file);
  const faults = isValid(NoticeTemplate, value) ? nameFaults(value, known[kind]) : faultsOf(NoticeTemplate, value);
  if (faults.length > 0) throw new AppError('CFG_INVALID', file, { faults });
  return value as NoticeTemplate;
}

/** @param files relative paths count from `configDir`. @throws CFG_NOT_FOUND, CFG_SYNTAX, CFG_INVALID with every fault */
export async function readTemplates(
  files: Static<typeof TemplateFiles> | undefined,
  configDir: string,
): Promise<NoticeTemplates> {
  const read = async (kind: keyof NoticeTemplates) => {
    const file = files?.[kind];
    return file === undefined ? shippedTemplates[kind] : readTemplate(resolve(configDir, file), kind);
  };
  return { reminder: await read('reminder'), correctionOrder: await read('correctionOrder') };
}
