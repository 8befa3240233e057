// What to tell a person about an error: the box says it in the person's language; what went wrong on the way to the box, or
// without a word from it, is said here, by its code.
import { isKey, t } from '../i18n/index.svelte';
import { ApiError } from '../transport';

export function explain(error: unknown): string {
  if (!(error instanceof ApiError)) return error instanceof Error ? error.message : String(error);
  if (error.message !== '') return error.message;
  const key = `error.${error.code}`;
  return isKey(key) ? t(key) : error.code;
}
