// Makes the table of word vectors that the memory looks words up in, from the embeddings package.
//
// usage: node make.mjs EMBEDDINGS.json TABLE
//
// Of the most frequent words, each one's direction in eight bits a number. The mean of all, and the two directions in which
// words differ most, are taken away before: they tell how often a word is written, not what it means (Mu and Viswanath, 2018).
// The table's form is described in src/memory/text/word_vectors.h.
import { closeSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';

const mostWords = 60_000;
const dimensions = 100;
const commonDirections = 2;
const learntFrom = 20_000; // of the most frequent words
const perUnit = 254; // a number of 0.5 becomes 127

// The package's JSON is 300 MB: its entries are read one by one where they lie.
function readWords(path) {
  const file = readFileSync(path);
  const words = [];
  let at = file.indexOf('"vectors":{');
  if (at < 0) throw new Error(`${path} has no vectors.`);
  at += '"vectors":{'.length;
  while (file[at] !== 0x7d /* } */) {
    const end = file.indexOf(']', file.indexOf('":[', at)); // a word may be a bracket itself
    if (end < 0) throw new Error(`${path} ends within a vector.`);
    const [word, numbers] = Object.entries(JSON.parse(`{${file.toString('utf8', at, end + 1)}}`))[0];
    const rank = numbers[dimensions + 1]; // behind the vector stand its length and its place by frequency
    if (rank < mostWords && /^[a-z0-9]+$/.test(word)) words.push({ word, rank, vector: Float64Array.from(numbers.slice(0, dimensions)) });
    at = end + 1;
    if (file[at] === 0x2c /* , */) at += 1;
  }
  return words.sort((a, b) => a.rank - b.rank);
}

const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

function subtract(vector, direction, share) {
  for (let i = 0; i < dimensions; i += 1) vector[i] -= share * direction[i];
}

function toUnit(vector) {
  const length = Math.sqrt(dot(vector, vector)) || 1;
  for (let i = 0; i < dimensions; i += 1) vector[i] /= length;
}

// The direction in which the vectors differ most: power iteration.
function mainDirection(vectors) {
  let direction = new Float64Array(dimensions).fill(1);
  toUnit(direction);
  for (let round = 0; round < 30; round += 1) {
    const next = new Float64Array(dimensions);
    for (const vector of vectors) subtract(next, vector, -dot(vector, direction));
    toUnit(next);
    direction = next;
  }
  return direction;
}

function hash(word) {
  let value = 0x811c9dc5; // FNV-1a, 32 bits
  for (const byte of Buffer.from(word)) value = Math.imul(value ^ byte, 0x01000193) >>> 0;
  return value;
}

function tableOf(words) {
  let slots = 1;
  while (slots < 2 * words.length) slots *= 2;
  const places = new Uint32Array(slots); // a word's number and one; 0: free
  const starts = new Uint32Array(words.length + 1);
  const ranks = new Uint32Array(words.length);
  const vectors = new Int8Array(words.length * dimensions);
  words.forEach(({ word, rank, vector }, number) => {
    let slot = hash(word) & (slots - 1);
    while (places[slot] !== 0) slot = (slot + 1) & (slots - 1);
    places[slot] = number + 1;
    starts[number + 1] = starts[number] + word.length;
    ranks[number] = rank;
    vector.forEach((value, i) => (vectors[number * dimensions + i] = Math.max(-127, Math.min(127, Math.round(value * perUnit)))));
  });
  const head = Buffer.alloc(24);
  head.write('HEARTHV1', 'latin1');
  head.writeUInt32LE(words.length, 8);
  head.writeUInt32LE(dimensions, 12);
  head.writeUInt32LE(slots, 16);
  head.writeUInt32LE(starts[words.length], 20);
  return [head, places, starts, ranks, vectors, Buffer.from(words.map(({ word }) => word).join(''))];
}

const [embeddings, table] = process.argv.slice(2);
if (!table) throw new Error('usage: node make.mjs EMBEDDINGS.json TABLE');
const words = readWords(embeddings);
const mean = new Float64Array(dimensions);
for (const { vector } of words) {
  toUnit(vector);
  subtract(mean, vector, -1 / words.length);
}
for (const { vector } of words) subtract(vector, mean, 1);
for (let k = 0; k < commonDirections; k += 1) {
  const direction = mainDirection(words.slice(0, learntFrom).map(({ vector }) => vector));
  for (const { vector } of words) subtract(vector, direction, dot(vector, direction));
}
for (const { vector } of words) toUnit(vector);
const file = openSync(`${table}.new`, 'w');
for (const part of tableOf(words)) writeSync(file, part);
closeSync(file);
renameSync(`${table}.new`, table); // whole, or not there
