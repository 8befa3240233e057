import { fileURLToPath } from 'node:url';
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defineConfig } from 'vitest/config';

// The desktop talks to a box: `HEARTH_BOX=http://127.0.0.1:8080 npm run dev` develops against a running one.
const box = process.env.HEARTH_BOX ?? 'http://127.0.0.1:8080';
const proxied = ['/api', '/files/', '/uploads', '/s/', '/dav', '/enter', '/hearth-root.crt'];

export default defineConfig({
  plugins: [svelte()],
  resolve: { alias: { $lib: fileURLToPath(new URL('./src/lib', import.meta.url)) } },
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: true },
  server: {
    proxy: {
      ...Object.fromEntries(proxied.map((path) => [path, { target: box, changeOrigin: false }])),
      '/events': { target: box.replace(/^http/, 'ws'), ws: true },
    },
  },
  // One thread for several files: starting afresh for each takes three times as long as the tests.
  test: { include: ['src/**/*.test.ts'], environment: 'node', pool: 'threads', isolate: false },
});
