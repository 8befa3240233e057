import { describe, expect, test } from 'vitest';
import { documentationOf, draftOf, inputOf, kindOf, labelOf, type Draft, type Schema } from './schema';

const schema: Schema = {
  type: 'object',
  properties: {
    name: { type: 'string', description: 'Its name.', 'x-description-zh': '名称。', maxLength: 10 },
    secret: { type: 'string', 'x-secret': true },
    text: { type: 'string', 'x-format': 'multiline' },
    limit: { type: 'integer', minimum: 1, maximum: 100, 'x-default': 20 },
    share: { type: 'number', minimum: 0 },
    on: { type: 'boolean', 'x-default': true },
    access: { type: 'string', enum: ['public', 'private'], 'x-default': 'private' },
    until: { type: 'string', format: 'date-time' },
    tags: { type: 'array', items: { type: 'string' } },
    rules: {
      type: 'array',
      items: { type: 'object', required: ['path'], properties: { path: { type: 'string' }, level: { type: 'integer', 'x-default': 1 } } },
    },
    labels: { type: 'object', additionalProperties: { type: 'integer' } },
    anything: {},
  },
  required: ['name'],
};

const form = () => draftOf(schema) as Record<string, Draft>;

test('each schema gets the field that fits', () => {
  const kinds = Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, member]) => [name, kindOf(member)]));
  expect(kinds).toEqual({
    name: 'text',
    secret: 'secret',
    text: 'multiline',
    limit: 'whole',
    share: 'number',
    on: 'boolean',
    access: 'choice',
    until: 'time',
    tags: 'list',
    rules: 'list',
    labels: 'map',
    anything: 'anything',
  });
});

describe('reading a form', () => {
  test('defaults are sent, empty optional fields are left out', () => {
    expect(inputOf(schema, { ...form(), name: 'lamp' })).toEqual({
      input: { name: 'lamp', limit: 20, on: true, access: 'private', tags: [], rules: [], labels: {} },
      problems: [],
    });
  });

  test('a missing required field is named', () => {
    expect(inputOf(schema, form()).problems).toEqual([{ path: 'name', key: 'form.required' }]);
  });

  test.each<[string, string, string]>([
    ['limit', 'ten', 'form.number'],
    ['limit', '1.5', 'form.whole'],
    ['limit', '0', 'form.minimum'],
    ['limit', '101', 'form.maximum'],
    ['limit', '9007199254740993', 'form.whole'],
    ['share', '-0.1', 'form.minimum'],
    ['share', '  ', 'form.number'],
    ['until', 'tomorrow', 'form.time'],
    ['anything', '{', 'form.json'],
  ])('%s: %s is refused', (name, text, key) => {
    expect(inputOf(schema, { ...form(), name: 'x', [name]: text }).problems).toMatchObject([{ path: name, key }]);
  });

  test('lists, groups and maps nest', () => {
    const { input, problems } = inputOf(schema, {
      ...form(),
      name: 'x',
      tags: ['a', 'b'],
      rules: [{ path: '/p', level: '3' }],
      labels: { pairs: [['one', '1']] },
      anything: '[1, null]',
      until: '2026-12-01T10:00',
    });
    expect(problems).toEqual([]);
    expect(input).toMatchObject({ tags: ['a', 'b'], rules: [{ path: '/p', level: 3 }], labels: { one: 1 }, anything: [1, null] });
    expect(input['until']).toBe(new Date('2026-12-01T10:00').toISOString());
  });

  test('problems inside a list say where', () => {
    expect(inputOf(schema, { ...form(), name: 'x', rules: [{ path: '/', level: '' }, { path: '', level: '2' }] }).problems).toEqual([{ path: 'rules.1.path', key: 'form.required' }]);
  });
});

test('an optional group that nobody touched is not sent', () => {
  const outer: Schema = { type: 'object', properties: { inner: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } } } };
  expect(inputOf(outer, draftOf(outer))).toEqual({ input: {}, problems: [] });
  expect(inputOf(outer, { inner: { id: 'x' } }).input).toEqual({ inner: { id: 'x' } });
});

test('labels and documentation follow the reader', () => {
  expect(labelOf('display_name')).toBe('Display name');
  expect(documentationOf(schema.properties?.['name'] ?? {}, 'zh-CN')).toBe('名称。');
  expect(documentationOf(schema.properties?.['name'] ?? {}, 'en')).toBe('Its name.');
  expect(documentationOf(schema.properties?.['secret'] ?? {}, 'zh-CN')).toBe('');
});
