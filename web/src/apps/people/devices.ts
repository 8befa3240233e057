import { t } from '$lib/i18n/index.svelte';
import { oneLine } from '$lib/ui/text';

/** The box's name of a device ("Firefox on Linux"), in the words of the person who looks at it. */
export function deviceName(name: string): string {
  if (name === 'Unknown device') return t('people.unknown_device');
  if (name === 'Hearth\'s command line') return t('people.command_line');
  const [browser, system, ...rest] = name.split(' on ');
  return browser && system && rest.length === 0 ? t('people.browser_on', { browser: oneLine(browser), system: oneLine(system) }) : oneLine(name);
}
