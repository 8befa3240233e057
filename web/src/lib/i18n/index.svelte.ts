// The language of the desktop: picked from the browser, then remembered. English is built in, Chinese comes when asked for.
import { remembered, remember } from '../remember';
import { en } from './en';
import { fill } from './format';

export type Key = keyof typeof en;
export type Catalogue = Record<Key, string>;
export type Language = 'en' | 'zh-CN';

export const languages: readonly { id: Language; name: string }[] = [
  { id: 'en', name: 'English' },
  { id: 'zh-CN', name: '简体中文' },
];

let catalogue = $state.raw<Catalogue>(en);
let current = $state<Language>('en');

export function language(): Language {
  return current;
}

/** The message of a key, filled with values. Reactive: templates that use it follow the language. */
export function t(key: Key, values?: Readonly<Record<string, string | number>>): string {
  return fill(catalogue[key], values);
}

/** The one of two stored texts that is in the person's language; the Chinese one is empty where it would be the same. */
export function either(english: string, chinese: string): string {
  return current === 'zh-CN' && chinese !== '' ? chinese : english;
}

/** Whether a text is a key: for names made of data, such as error codes. */
export function isKey(text: string): text is Key {
  return text in en;
}

export function preferredLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const lower = tag.toLowerCase();
    if (lower.startsWith('zh')) return 'zh-CN';
    if (lower.startsWith('en')) return 'en';
  }
  return 'en';
}

export async function startLanguage(): Promise<void> {
  const kept = remembered<string>('language', '');
  await show(languages.some((known) => known.id === kept) ? (kept as Language) : preferredLanguage(navigator.languages));
}

export async function chooseLanguage(wanted: Language): Promise<void> {
  remember('language', wanted);
  await show(wanted);
}

async function show(wanted: Language): Promise<void> {
  catalogue = wanted === 'en' ? en : (await import('./zh-CN')).zhCN;
  current = wanted;
  document.documentElement.lang = wanted;
}

// --- dates and numbers, as people write them ---

/** The person's own variant of the language: the day comes first for en-GB, the month for en-US. */
function locale(): string {
  const base = current.slice(0, 2);
  return navigator.languages.find((tag) => tag.toLowerCase().startsWith(base)) ?? current;
}

const dateFormats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = current + JSON.stringify(options);
  let format = dateFormats.get(key);
  if (!format) dateFormats.set(key, (format = new Intl.DateTimeFormat(locale(), options)));
  return format;
}

export function formatDate(time: string | Date, options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' }): string {
  const date = typeof time === 'string' ? new Date(time) : time;
  return Number.isNaN(date.getTime()) ? '' : dateFormat(options).format(date);
}

/** "3 minutes ago"; the plain date from a week on. */
export function formatAgo(time: string, now = Date.now()): string {
  const then = new Date(time).getTime();
  if (Number.isNaN(then)) return '';
  const seconds = (then - now) / 1000;
  const size = Math.abs(seconds);
  if (size > 7 * 86_400) return formatDate(time, { dateStyle: 'medium' });
  const format = new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' });
  if (size < 60) return format.format(0, 'second');
  if (size < 3600) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 86_400) return format.format(Math.round(seconds / 3600), 'hour');
  return format.format(Math.round(seconds / 86_400), 'day');
}

export function formatNumber(value: number, options?: Intl.NumberFormatOptions): string {
  return new Intl.NumberFormat(locale(), options).format(value);
}

/** Bytes in the units that drives are sold in: 1 kB is 1000 bytes. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${formatNumber(value, { maximumFractionDigits: unit === 0 || value >= 100 ? 0 : 1 })} ${units[unit]}`;
}

export function formatPercent(share: number): string {
  return formatNumber(share, { style: 'percent', maximumFractionDigits: 0 });
}
