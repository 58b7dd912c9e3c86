/** What each command asks for; the compiler holds the list complete. */
import type { CaseCommandName } from '../../../../contracts/api/case.ts';

export type FieldName =
  | 'note'
  | 'reason'
  | 'unit'
  | 'override'
  | 'outcome'
  | 'closure'
  | 'result'
  | 'answer'
  | 'plate'
  | 'into'
  | 'events'
  | 'until';
export type Field = { readonly name: FieldName; readonly required: boolean };

const must = (name: FieldName): Field => ({ name, required: true });
const may = (name: FieldName): Field => ({ name, required: false });

export const stepFields: Readonly<Record<CaseCommandName, readonly Field[]>> = {
  claim: [],
  release: [],
  confirm: [may('plate'), may('note')],
  reject: [must('reason'), may('note')],
  'field-check': [may('note')],
  dispatch: [must('unit'), may('override'), may('note')],
  return: [must('note')],
  handle: [may('note')],
  feedback: [must('note')],
  recheck: [must('result'), may('note')],
  close: [must('outcome'), may('closure'), may('note')],
  reopen: [must('note')],
  undo: [],
  merge: [must('into'), may('note')],
  split: [must('events'), may('note')],
  'link-merge': [],
  'link-split': [],
  'link-refuse': [],
  'link-restore': [],
  void: [must('note')],
  comment: [must('note')],
  extend: [must('until'), must('note')],
  'grant-extension': [may('note')],
  'refuse-extension': [must('note')],
  appeal: [must('note')],
  'answer-appeal': [must('answer'), must('note')],
};

/** Whether the console has a form for this step. */
export function isCommandName(name: string): name is CaseCommandName {
  return name in stepFields;
}
