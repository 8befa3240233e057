// Small things this browser remembers. Storage may be closed to us or full: then nothing is remembered, and nothing breaks.
export function remembered<T>(name: string, otherwise: T): T {
  try {
    const text = localStorage.getItem(`hearth.${name}`);
    if (text === null) return otherwise;
    return JSON.parse(text) as T;
  } catch {
    return otherwise;
  }
}

export function remember(name: string, value: unknown): void {
  try {
    if (value === undefined) localStorage.removeItem(`hearth.${name}`);
    else localStorage.setItem(`hearth.${name}`, JSON.stringify(value));
  } catch {
    // Nothing to do: see above.
  }
}
