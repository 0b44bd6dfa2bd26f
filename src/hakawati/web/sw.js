/* The service worker: what was read or heard once is there without a network.

   Before this stand VERSION, of the program, and SHELL, what is kept from the beginning. Pages come from the
   network where there is one, since a publisher mends them; sounds are kept as they are, since each has the
   digest of what is heard in its address. */
"use strict";

const TEXT = `hakawati-text-${VERSION}`;
const SOUND = "hakawati-sound";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(TEXT).then((cache) => cache.addAll(SHELL.map((name) => new Request(name, { cache: "reload" })))),
  );
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("hakawati-text-") && name !== TEXT) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(url.pathname.endsWith(".mp3") ? sound(event) : text(event.request));
});

/** From the network, else from what was kept. */
async function text(request) {
  const cache = await caches.open(TEXT);
  try {
    const found = await fetch(request);
    if (found.ok) await cache.put(request, found.clone());
    return found;
  } catch (error) {
    const kept = await cache.match(request, { ignoreSearch: true, ignoreVary: true });
    const url = new URL(request.url);
    const index = url.pathname.endsWith("/") ? await cache.match(new URL("index.html", url)) : undefined;
    return kept ?? index ?? Response.error();
  }
}

/** A sound, or the part of it that is asked for. What is not kept yet is played at once, and kept meanwhile. */
async function sound(event) {
  const cache = await caches.open(SOUND);
  const whole = await cache.match(event.request.url);
  if (whole) return part(event.request, whole);
  event.waitUntil(keep(cache, event.request.url));
  return fetch(event.request);
}

async function keep(cache, url) {
  const found = await fetch(url);
  if (found.status !== 200) return;
  const { pathname } = new URL(url);
  for (const old of await cache.keys()) {
    if (new URL(old.url).pathname === pathname) await cache.delete(old);
  }
  await cache.put(url, found);
}

/** What a Range header asks for (RFC 9110 §14): browsers refuse a whole answer to it when they seek. */
async function part(request, whole) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "");
  if (!asked || (!asked[1] && !asked[2])) return whole;
  const data = await whole.blob();
  const begin = asked[1] ? Number(asked[1]) : Math.max(0, data.size - Number(asked[2]));
  const end = asked[1] && asked[2] ? Math.min(Number(asked[2]) + 1, data.size) : data.size;
  const headers = new Headers({ "Content-Type": "audio/mpeg", "Accept-Ranges": "bytes" });
  if (begin >= end) {
    headers.set("Content-Range", `bytes */${data.size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("Content-Range", `bytes ${begin}-${end - 1}/${data.size}`);
  return new Response(data.slice(begin, end), { status: 206, headers });
}
