// For `{@attach …}`: marks a strip that scrolls sideways with data-more="end", "start" or "both" while there is more to see
// there, so that its edge can fade.
export function hintsAtMore(strip: HTMLElement): () => void {
  const look = () => {
    const rest = strip.scrollWidth - strip.clientWidth;
    const start = strip.scrollLeft > 1;
    const end = strip.scrollLeft < rest - 1;
    if (rest <= 1) delete strip.dataset['more'];
    else strip.dataset['more'] = start && end ? 'both' : start ? 'start' : 'end';
  };
  const observer = new ResizeObserver(look);
  observer.observe(strip);
  for (const child of strip.children) observer.observe(child);
  strip.addEventListener('scroll', look, { passive: true });
  return () => {
    observer.disconnect();
    strip.removeEventListener('scroll', look);
  };
}
