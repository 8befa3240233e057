// QR codes (ISO/IEC 18004): byte mode, error correction level M, versions 1 to 20. Enough for any otpauth: address.

// Per version: error correction codewords per block, then pairs of (blocks, data codewords in each).
const blocks: readonly (readonly number[])[] = [
  [10, 1, 16],
  [16, 1, 28],
  [26, 1, 44],
  [18, 2, 32],
  [24, 2, 43],
  [16, 4, 27],
  [18, 4, 31],
  [22, 2, 38, 2, 39],
  [22, 3, 36, 2, 37],
  [26, 4, 43, 1, 44],
  [30, 1, 50, 4, 51],
  [22, 6, 36, 2, 37],
  [22, 8, 37, 1, 38],
  [24, 4, 40, 5, 41],
  [24, 5, 41, 5, 42],
  [28, 7, 45, 3, 46],
  [28, 10, 46, 1, 47],
  [26, 9, 43, 4, 44],
  [26, 3, 44, 11, 45],
  [26, 3, 41, 13, 42],
];

const alignments: readonly (readonly number[])[] = [
  [],
  [6, 18],
  [6, 22],
  [6, 26],
  [6, 30],
  [6, 34],
  [6, 22, 38],
  [6, 24, 42],
  [6, 26, 46],
  [6, 28, 50],
  [6, 30, 54],
  [6, 32, 58],
  [6, 34, 62],
  [6, 26, 46, 66],
  [6, 26, 48, 70],
  [6, 26, 50, 74],
  [6, 30, 54, 78],
  [6, 30, 56, 82],
  [6, 30, 58, 86],
  [6, 34, 62, 90],
];

// --- Reed-Solomon over GF(256), polynomial x^8 + x^4 + x^3 + x^2 + 1 ---

const exponents = new Uint8Array(512);
const logarithms = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; ++power) {
  exponents[power] = exponents[power + 255] = value;
  logarithms[value] = power;
  value = (value << 1) ^ (value & 0x80 ? 0x11d : 0);
}

function multiply(a: number, b: number): number {
  if (a === 0 || b === 0) return 0;
  return exponents[(logarithms[a] ?? 0) + (logarithms[b] ?? 0)] ?? 0;
}

function generator(degree: number): number[] {
  let polynomial = [1];
  for (let power = 0; power < degree; ++power) {
    const next = [...polynomial, 0];
    polynomial.forEach((coefficient, index) => (next[index + 1] = (next[index + 1] ?? 0) ^ multiply(coefficient, exponents[power] ?? 0)));
    polynomial = next;
  }
  return polynomial;
}

function correction(data: readonly number[], degree: number): number[] {
  const divisor = generator(degree);
  const rest = [...data, ...new Array<number>(degree).fill(0)];
  for (let at = 0; at < data.length; ++at) {
    const factor = rest[at] ?? 0;
    if (factor !== 0) divisor.forEach((coefficient, index) => (rest[at + index] = (rest[at + index] ?? 0) ^ multiply(coefficient, factor)));
  }
  return rest.slice(data.length);
}

function capacity(version: number): number {
  const [, ...groups] = blocks[version - 1] ?? [];
  let sum = 0;
  for (let at = 0; at < groups.length; at += 2) sum += (groups[at] ?? 0) * (groups[at + 1] ?? 0);
  return sum;
}

function codewords(bytes: Uint8Array, version: number): number[] {
  const bits: number[] = [];
  const push = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; --bit) bits.push((value >> bit) & 1);
  };
  push(0b0100, 4);
  push(bytes.length, version < 10 ? 8 : 16);
  for (const byte of bytes) push(byte, 8);
  const room = capacity(version) * 8;
  push(0, Math.min(4, room - bits.length));
  while (bits.length % 8 !== 0) bits.push(0);
  const data: number[] = [];
  for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8).join(''), 2));
  for (let pad = 0; data.length < capacity(version); ++pad) data.push(pad % 2 === 0 ? 0xec : 0x11);

  const [degree = 0, ...groups] = blocks[version - 1] ?? [];
  const parts: number[][] = [];
  let at = 0;
  for (let group = 0; group < groups.length; group += 2) {
    const length = groups[group + 1] ?? 0;
    for (let block = 0; block < (groups[group] ?? 0); ++block, at += length) parts.push(data.slice(at, at + length));
  }
  const checks = parts.map((part) => correction(part, degree));
  const longest = Math.max(...parts.map((part) => part.length));
  const all: number[] = [];
  for (let index = 0; index < longest; ++index) for (const part of parts) if (index < part.length) all.push(part[index] ?? 0);
  for (let index = 0; index < degree; ++index) for (const check of checks) all.push(check[index] ?? 0);
  return all;
}

// --- the square ---

type Square = (boolean | undefined)[][];

function finder(square: Square, row: number, column: number): void {
  for (let y = -1; y <= 7; ++y) {
    for (let x = -1; x <= 7; ++x) {
      const line = square[row + y];
      if (!line || column + x < 0 || column + x >= square.length) continue;
      const ring = Math.max(Math.abs(y - 3), Math.abs(x - 3));
      line[column + x] = ring <= 1 || ring === 3;
    }
  }
}

function frame(version: number): Square {
  const size = 17 + 4 * version;
  const square: Square = Array.from({ length: size }, () => new Array<boolean | undefined>(size).fill(undefined));
  const set = (row: number, column: number, dark: boolean) => {
    const line = square[row];
    if (line) line[column] = dark;
  };
  finder(square, 0, 0);
  finder(square, 0, size - 7);
  finder(square, size - 7, 0);
  const centres = alignments[version - 1] ?? [];
  for (const row of centres) {
    for (const column of centres) {
      if (square[row]?.[column] !== undefined) continue; // a finder is there
      for (let y = -2; y <= 2; ++y) for (let x = -2; x <= 2; ++x) set(row + y, column + x, Math.max(Math.abs(y), Math.abs(x)) !== 1);
    }
  }
  for (let at = 8; at < size - 8; ++at) {
    set(6, at, at % 2 === 0);
    set(at, 6, at % 2 === 0);
  }
  // Kept free for the format, filled in later.
  for (let at = 0; at < 9; ++at) {
    if (square[8]?.[at] === undefined) set(8, at, false);
    if (square[at]?.[8] === undefined) set(at, 8, false);
  }
  for (let at = 0; at < 8; ++at) {
    set(8, size - 1 - at, false);
    set(size - 1 - at, 8, false);
  }
  set(size - 8, 8, true);
  if (version >= 7) {
    let rest = version;
    for (let bit = 0; bit < 12; ++bit) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (version << 12) | rest;
    for (let at = 0; at < 18; ++at) {
      const dark = ((bits >> at) & 1) === 1;
      set(Math.floor(at / 3), size - 11 + (at % 3), dark);
      set(size - 11 + (at % 3), Math.floor(at / 3), dark);
    }
  }
  return square;
}

const masks: readonly ((row: number, column: number) => boolean)[] = [
  (row, column) => (row + column) % 2 === 0,
  (row) => row % 2 === 0,
  (_, column) => column % 3 === 0,
  (row, column) => (row + column) % 3 === 0,
  (row, column) => (Math.floor(row / 2) + Math.floor(column / 3)) % 2 === 0,
  (row, column) => ((row * column) % 2) + ((row * column) % 3) === 0,
  (row, column) => (((row * column) % 2) + ((row * column) % 3)) % 2 === 0,
  (row, column) => (((row + column) % 2) + ((row * column) % 3)) % 2 === 0,
];

function fill(version: number, data: readonly number[], mask: number): boolean[][] {
  const square = frame(version);
  const size = square.length;
  const inverted = masks[mask];
  let bit = 0;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right = 5;
    const upwards = ((right + 1) & 2) === 0;
    for (let step = 0; step < size; ++step) {
      const row = upwards ? size - 1 - step : step;
      for (const column of [right, right - 1]) {
        const line = square[row];
        if (!line || line[column] !== undefined) continue;
        const dark = (((data[bit >> 3] ?? 0) >> (7 - (bit & 7))) & 1) === 1;
        line[column] = dark !== (inverted?.(row, column) ?? false);
        bit += 1;
      }
    }
  }
  // Format: level M is 00, then the mask; BCH(15,5), masked with 101010000010010.
  let rest = mask;
  for (let step = 0; step < 10; ++step) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
  const format = ((mask << 10) | rest) ^ 0x5412;
  const set = (row: number, column: number, at: number) => {
    const line = square[row];
    if (line) line[column] = ((format >> at) & 1) === 1;
  };
  for (let at = 0; at < 6; ++at) set(at, 8, at);
  set(7, 8, 6);
  set(8, 8, 7);
  set(8, 7, 8);
  for (let at = 9; at < 15; ++at) set(8, 14 - at, at);
  for (let at = 0; at < 8; ++at) set(8, size - 1 - at, at);
  for (let at = 8; at < 15; ++at) set(size - 15 + at, 8, at);
  return square.map((line) => line.map((dark) => dark === true));
}

/** How hard a square is to read: long runs, blocks, finder-like patterns, an uneven balance. */
function penalty(square: boolean[][]): number {
  const size = square.length;
  let sum = 0;
  let dark = 0;
  const at = (row: number, column: number) => square[row]?.[column] ?? false;
  for (const across of [true, false]) {
    for (let line = 0; line < size; ++line) {
      let run = 0;
      let text = '';
      for (let place = 0; place < size; ++place) {
        const now = across ? at(line, place) : at(place, line);
        const before = place > 0 && (across ? at(line, place - 1) : at(place - 1, line));
        run = place > 0 && now === before ? run + 1 : 1;
        if (run === 5) sum += 3;
        else if (run > 5) sum += 1;
        text += now ? '1' : '0';
      }
      for (const pattern of ['10111010000', '00001011101']) {
        for (let found = text.indexOf(pattern); found >= 0; found = text.indexOf(pattern, found + 1)) sum += 40;
      }
    }
  }
  for (let row = 0; row < size; ++row) {
    for (let column = 0; column < size; ++column) {
      if (at(row, column)) dark += 1;
      if (row + 1 < size && column + 1 < size) {
        const here = at(row, column);
        if (here === at(row + 1, column) && here === at(row, column + 1) && here === at(row + 1, column + 1)) sum += 3;
      }
    }
  }
  return sum + Math.floor(Math.abs((dark * 20) / (size * size) - 10)) * 10;
}

/** The modules of a QR code that holds `text`, row by row; true is dark. Throws RangeError when it does not fit. */
export function qrCode(text: string): boolean[][] {
  const bytes = new TextEncoder().encode(text);
  let version = 1;
  while (version <= 20 && capacity(version) * 8 < 4 + (version < 10 ? 8 : 16) + bytes.length * 8) version += 1;
  if (version > 20) throw new RangeError('The text is too long for a QR code of this kind.');
  const data = codewords(bytes, version);
  let best = fill(version, data, 0);
  for (let mask = 1; mask < 8; ++mask) {
    const other = fill(version, data, mask);
    if (penalty(other) < penalty(best)) best = other;
  }
  return best;
}
