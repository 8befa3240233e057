// What to tell a person about an error. The box writes its messages in English: elsewhere its code is translated, and the
// message follows as the detail.
import { isKey, language, t } from '../i18n/index.svelte';
import { ApiError } from '../transport';

export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  const key = `error.${error.code}`;
  if (error.code === 'unreachable' || error.message === '') return isKey(key) ? t(key) : error.code;
  if (language() === 'en' || !isKey(key)) return error.message;
  return `${t(key)}（${error.message}）`;
}
