/** Which passwords are refused though they are long enough: those that a guesser tries first. Pure. */
import { AppError } from '../../platform/app-error.ts';

/** Compared without case and without anything but letters and digits. */
const WIDELY_USED = [
  ...['kerbwatch', 'kerbwatchdemo', 'kerbwatchadmin', 'kerbwatchhub', 'kerbwatchpassword'],
  ...['password', 'passwordpassword', 'passw0rd', 'p4ssw0rd', 'administrator', 'adminadminadmin', 'adminadmin'],
  ...['changeme', 'changemenow', 'changemeplease', 'letmein', 'letmeinplease', 'iloveyou', 'welcome', 'default'],
  ...['qwertyuiop', 'qwertyuiopasdf', 'qwertyuiopas', 'asdfghjkl', 'zxcvbnm', '1q2w3e4r5t6y', 'qazwsxedcrfv'],
  ...['1qaz2wsx3edc', 'q1w2e3r4t5y6', 'correcthorsebatterystaple', 'secret', 'topsecret', 'trustno1', 'woaini'],
  ...['mima', 'guanliyuan', 'hikvision', 'dahua', 'admin', 'root', 'test', 'guest', 'operator', 'supervisor'],
];
const words = new Set(WIDELY_USED);
const MIN_DISTINCT_SIGNS = 5;

/** Signs that stand for letters in words written "cleverly", and letters with marks: guessers know them all. */
const STANDS_FOR: Readonly<Record<string, string>> = {
  ...{ '0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't' },
  ...{ '@': 'a', $: 's', '!': 'i', '|': 'l' },
};
const asLetters = (text: string) => text.replace(/[013457@$!|]/g, (sign) => STANDS_FOR[sign] ?? sign);

const plain = (text: string) =>
  text
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}/gu, '')
    .replace(/[^\p{L}\p{N}]/gu, '');

/** abcdef…, 987654… */
function isRow(text: string): boolean {
  const steps = new Set([...text].slice(1).map((sign, i) => (sign.codePointAt(0) ?? 0) - (text.codePointAt(i) ?? 0)));
  // From 9 a keyboard goes on with 0.
  const wrapped = new Set([...steps].map((step) => (step === -9 ? 1 : step === 9 ? -1 : step)));
  return text.length > 2 && wrapped.size === 1;
}

/** The shortest text of which this one is a repetition. */
function unitOf(text: string): string {
  const at = `${text}${text}`.indexOf(text, 1);
  return text.slice(0, at);
}

/** Why a guesser would try this one soon, or null. `name` is who it belongs to. */
export function passwordFault(name: string, password: string): string | null {
  const text = plain(password);
  if (new Set(password.normalize('NFKC')).size < MIN_DISTINCT_SIGNS) return 'made of too few different signs';
  const unit = unitOf(text);
  const own = plain(name);
  // A year or a few digits before or behind a word make it no harder.
  const bare = text.replace(/^\p{N}{1,6}|\p{N}{1,6}$/gu, '');
  const behind = password.replace(/^[\p{N}\p{P}\p{S}]{1,8}(?=.*\p{L})/u, '').replace(/[\p{N}\p{P}\p{S}]{1,8}$/u, '');
  const spelt = [plain(asLetters(password)), plain(asLetters(behind))];
  for (const candidate of [text, unit, bare, unitOf(bare), ...spelt, ...spelt.map(unitOf)]) {
    if (own !== '' && candidate === own) return 'the name itself';
    if (words.has(candidate)) return 'widely used';
  }
  if (isRow(text) || isRow(unit)) return 'a plain row of signs';
  return null;
}

/** @throws API_WEAK_PASSWORD */
export function refuseWeakPassword(name: string, password: string | undefined): void {
  const fault = password === undefined ? null : passwordFault(name, password);
  if (fault !== null)
    throw new AppError('API_WEAK_PASSWORD', fault, { faults: [{ path: 'password', message: fault }] });
}
