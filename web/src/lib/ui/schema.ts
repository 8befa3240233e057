// Forms from an operation's JSON schema: which fields there are, what they hold, and whether it can be sent.
// The schema is what the box's definitions give: objects, lists, maps, enums, strings, numbers, booleans, times.

export interface Schema {
  type?: 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';
  title?: string;
  description?: string;
  'x-description-zh'?: string;
  format?: string;
  enum?: string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  items?: Schema;
  properties?: Record<string, Schema>;
  additionalProperties?: Schema;
  required?: string[];
  'x-default'?: unknown;
  'x-secret'?: boolean;
  'x-format'?: string;
  'x-resource'?: string;
}

/** What a person typed into a form, before it is known to fit: texts, switches, lists and groups of them. */
export type Draft = string | boolean | Draft[] | { [name: string]: Draft } | { pairs: [string, Draft][] };

export type Kind = 'text' | 'secret' | 'multiline' | 'number' | 'whole' | 'boolean' | 'choice' | 'time' | 'list' | 'group' | 'map' | 'anything';

export function kindOf(schema: Schema): Kind {
  if (schema.enum) return 'choice';
  switch (schema.type) {
    case 'boolean':
      return 'boolean';
    case 'integer':
      return 'whole';
    case 'number':
      return 'number';
    case 'array':
      return 'list';
    case 'object':
      return schema.additionalProperties ? 'map' : 'group';
    case 'string':
      if (schema['x-secret']) return 'secret';
      if (schema.format === 'date-time') return 'time';
      return schema['x-format'] === 'multiline' ? 'multiline' : 'text';
    default:
      return 'anything';
  }
}

/** What is known about a field in the reader's language. */
export function documentationOf(schema: Schema, language: string): string {
  return (language.startsWith('zh') && schema['x-description-zh']) || schema.description || '';
}

/** An empty form, with what the definition sets by default filled in. */
export function draftOf(schema: Schema, initial: unknown = schema['x-default']): Draft {
  switch (kindOf(schema)) {
    case 'boolean':
      return initial === true;
    case 'list':
      return Array.isArray(initial) ? initial.map((entry) => draftOf(schema.items ?? {}, entry)) : [];
    case 'map': {
      const entries = typeof initial === 'object' && initial !== null ? Object.entries(initial) : [];
      return { pairs: entries.map(([name, value]): [string, Draft] => [name, draftOf(schema.additionalProperties ?? {}, value)]) };
    }
    case 'group': {
      const members: { [name: string]: Draft } = {};
      const from = typeof initial === 'object' && initial !== null ? (initial as Record<string, unknown>) : {};
      for (const [name, member] of Object.entries(schema.properties ?? {})) members[name] = draftOf(member, from[name] ?? member['x-default']);
      return members;
    }
    case 'time':
      return typeof initial === 'string' ? localTime(initial) : '';
    case 'anything':
      return initial === undefined || initial === null ? '' : JSON.stringify(initial);
    default:
      return initial === undefined || initial === null ? '' : String(initial);
  }
}

function localTime(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export interface Problem {
  /** The field, as a path: "rules.0.path". */
  path: string;
  key: 'form.required' | 'form.number' | 'form.whole' | 'form.minimum' | 'form.maximum' | 'form.time' | 'form.json';
  value?: number;
}

/** What the form says, as the operation's input, and what stands in its way. Empty optional fields are left out. */
export function inputOf(schema: Schema, draft: Draft): { input: Record<string, unknown>; problems: Problem[] } {
  const problems: Problem[] = [];
  const input = read(schema, draft, true, '', problems);
  return { input: (input ?? {}) as Record<string, unknown>, problems };
}

function read(schema: Schema, draft: Draft, required: boolean, path: string, problems: Problem[]): unknown {
  const at = (name: string | number) => (path === '' ? String(name) : `${path}.${name}`);
  switch (kindOf(schema)) {
    case 'boolean':
      return draft === true;
    case 'list':
      return (draft as Draft[]).map((entry, index) => read(schema.items ?? {}, entry, true, at(index), problems));
    case 'map': {
      const object: Record<string, unknown> = {};
      (draft as { pairs: [string, Draft][] }).pairs.forEach(([name, value], index) => {
        if (name === '') problems.push({ path: at(index), key: 'form.required' });
        else object[name] = read(schema.additionalProperties ?? {}, value, true, at(index), problems);
      });
      return object;
    }
    case 'group': {
      const object: Record<string, unknown> = {};
      const members = draft as { [name: string]: Draft };
      // An optional group that nobody touched is not there at all.
      if (!required && JSON.stringify(members) === JSON.stringify(draftOf(schema))) return undefined;
      for (const [name, member] of Object.entries(schema.properties ?? {})) {
        const value = read(member, members[name] ?? draftOf(member), schema.required?.includes(name) ?? false, at(name), problems);
        if (value !== undefined) object[name] = value;
      }
      return object;
    }
    default:
      return readText(schema, String(draft), required, path, problems);
  }
}

function readText(schema: Schema, text: string, required: boolean, path: string, problems: Problem[]): unknown {
  const kind = kindOf(schema);
  if (text === '') {
    if (required && kind === 'text' && schema['x-default'] === '') return '';
    if (required) problems.push({ path, key: 'form.required' });
    return undefined;
  }
  if (kind === 'number' || kind === 'whole') {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value)) return problem(problems, path, 'form.number');
    if (kind === 'whole' && !Number.isSafeInteger(value)) return problem(problems, path, 'form.whole');
    if (schema.minimum !== undefined && value < schema.minimum) return problem(problems, path, 'form.minimum', schema.minimum);
    if (schema.maximum !== undefined && value > schema.maximum) return problem(problems, path, 'form.maximum', schema.maximum);
    return value;
  }
  if (kind === 'time') {
    const date = new Date(text);
    if (Number.isNaN(date.getTime())) return problem(problems, path, 'form.time');
    return date.toISOString();
  }
  if (kind === 'anything') {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      return problem(problems, path, 'form.json');
    }
  }
  return text;
}

function problem(problems: Problem[], path: string, key: Problem['key'], value?: number): undefined {
  problems.push({ path, key, ...(value === undefined ? {} : { value }) });
  return undefined;
}

/** "display_name" → "Display name". */
export function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
