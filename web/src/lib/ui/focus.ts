// Keyboard help for things that list choices.

/** Moves focus among the enabled items of a container: arrows, Home and End. Returns whether it used the key. */
export function moveFocus(event: KeyboardEvent, container: HTMLElement, selector: string, axis: 'vertical' | 'horizontal' | 'both' = 'vertical'): boolean {
  const items = [...container.querySelectorAll<HTMLElement>(selector)].filter((item) => !item.hasAttribute('disabled'));
  if (items.length === 0) return false;
  const at = items.indexOf(document.activeElement as HTMLElement);
  const forward = (axis !== 'horizontal' && event.key === 'ArrowDown') || (axis !== 'vertical' && event.key === 'ArrowRight');
  const backward = (axis !== 'horizontal' && event.key === 'ArrowUp') || (axis !== 'vertical' && event.key === 'ArrowLeft');
  let next: number;
  if (forward) next = at < 0 ? 0 : (at + 1) % items.length;
  else if (backward) next = at < 0 ? items.length - 1 : (at - 1 + items.length) % items.length;
  else if (event.key === 'Home') next = 0;
  else if (event.key === 'End') next = items.length - 1;
  else return false;
  items[next]?.focus();
  event.preventDefault();
  return true;
}
