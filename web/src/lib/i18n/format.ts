// Fills a message: "{name}" is a value, "{count|item|items}" picks the first word for one and the second otherwise.
export function fill(message: string, values: Readonly<Record<string, string | number>> = {}): string {
  return message.replace(/\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g, (whole, name: string, one?: string, many?: string) => {
    const value = values[name];
    if (value === undefined) return whole;
    if (one !== undefined) return (Number(value) === 1 ? one : many) ?? '';
    return String(value);
  });
}
