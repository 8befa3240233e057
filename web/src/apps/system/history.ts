// The last minutes of a figure, for a chart.
export const kept = 120;

export function push(history: readonly number[], value: number): number[] {
  return [...history.slice(-(kept - 1)), value];
}

/** The line of a chart as an SVG path in a box of width × height; the newest value is at the right edge. */
export function line(values: readonly number[], top: number, width: number, height: number): string {
  if (values.length === 0) return '';
  const step = width / (kept - 1);
  const begin = width - (values.length - 1) * step;
  return values
    .map((value, index) => {
      const y = height - Math.max(0, Math.min(1, top > 0 ? value / top : 0)) * height;
      return `${index === 0 ? 'M' : 'L'}${(begin + index * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

/** A round figure at or above the largest value, so that the scale does not jump with each sample. */
export function scale(values: readonly number[], least: number): number {
  const most = Math.max(least, ...values);
  const power = 10 ** Math.floor(Math.log10(most));
  for (const step of [1, 2, 5, 10]) if (most <= step * power) return step * power;
  return most;
}
