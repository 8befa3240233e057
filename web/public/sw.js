// Keeps a page for when the box cannot be reached, with what it is made of, and the hashed assets of the shell. What belongs to a
// person (/api, /files, /uploads, /s, /dav, /events) never passes through here.
const version = 'hearth-2';
const offlinePage = '/offline.html';
const piecesOfIt = ['/offline.css', '/offline.js', '/theme.js', '/icon.svg'];

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(version)
      .then((cache) => cache.addAll([offlinePage, ...piecesOfIt]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== version).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== 'GET' || url.origin !== location.origin) return;
  if (event.request.mode === 'navigate' && url.pathname === '/') {
    event.respondWith(fetch(event.request).catch(() => caches.match(offlinePage)));
    return;
  }
  if (piecesOfIt.includes(url.pathname)) event.respondWith(fetch(event.request).catch(() => caches.match(url.pathname)));
  if (url.pathname.startsWith('/assets/')) event.respondWith(hashed(event.request));
});

// The name of an asset holds its hash: once fetched it never changes.
async function hashed(request) {
  const cache = await caches.open(version);
  const kept = await cache.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) {
    await cache.put(request, response.clone());
    const keys = await cache.keys();
    for (const old of keys.slice(0, Math.max(0, keys.length - 60))) {
      if (new URL(old.url).pathname.startsWith('/assets/')) await cache.delete(old);
    }
  }
  return response;
}
