// Writes .br and .gz siblings of the built assets, so that the box never compresses at serving time, and fails the
// build when the first load grows past its budget.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const dist = join(dirname(fileURLToPath(import.meta.url)), '..', 'dist');
const compressible = new Set(['.html', '.js', '.css', '.svg', '.json', '.webmanifest', '.txt']);
const initialScriptBudget = 120 * 1024;

function* filesUnder(folder) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* filesUnder(path);
    else yield path;
  }
}

const gzipped = new Map();
for (const path of [...filesUnder(dist)]) {
  if (!compressible.has(extname(path))) continue;
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  gzipped.set(path, gzip.length);
  if (bytes.length < 512) continue;
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
  writeFileSync(path + '.gz', gzip);
  writeFileSync(path + '.br', brotli);
}

const html = readFileSync(join(dist, 'index.html'), 'utf8');
const scripts = [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map((match) => join(dist, match[1]));
const total = scripts.reduce((sum, path) => sum + (gzipped.get(path) ?? 0), 0);
console.log(`initial script: ${(total / 1024).toFixed(1)} kB gzipped of ${initialScriptBudget / 1024} kB`);
if (total > initialScriptBudget) {
  console.error('The initial script is over its budget: load something later.');
  process.exit(1);
}
