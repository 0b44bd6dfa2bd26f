/* The service worker: what was read or heard once is there without a network.

   Before this stand TREES, the folder of each edition with its layouts; PARTS, the pages in each layout; and
   SHELL, what is kept from the beginning, the first page last.

   All that is kept is in one cache of this book, by its address without the query. Pages come from the network
   where there is one, since a publisher mends them. The program and the sounds are kept as they are: each has a
   digest in its address, so that a page which is kept has those that it was made with, whatever is published
   since. */
"use strict";

const SCOPE = self.registration.scope;
const CACHE = `hakawati ${SCOPE}`;
/** The caches of the first versions: of all books of a host together. */
const SHARED = /^hakawati-(text-[0-9a-f]{12}|sound)$/;

const inLayout = (folder) => PARTS.map((part) => `${folder}/${part}`);
const FIRST = TREES.map(([root]) => `${root}index.html`);
const PAGES = new Set([...FIRST, ...TREES.flatMap(([root, layouts]) => layouts.flatMap((name) => inLayout(root + name)))]);
const inTree = ([root, layouts]) => ["book", "audio", ...layouts].map((name) => `${root}${name}/`);
const FOLDERS = ["app/", ...TREES.flatMap(inTree)];

const isPage = (name) => name.endsWith(".html");
const isSound = (name) => name.endsWith(".mp3");
/* In `app/DIGEST/`: never another content. */
const isProgram = (name) => /^app\/[^/]+\//.test(name);

/** What a URL names in the book's folder: a path, as on the disk. Empty for all that is not this book's. */
function nameOf(url) {
  const { href, pathname } = new URL(url);
  if (!href.startsWith(SCOPE)) return "";
  let name = "";
  try {
    name = decodeURIComponent(pathname.slice(new URL(SCOPE).pathname.length));
  } catch {
    return ""; /* No UTF-8. */
  }
  if (!name || name.endsWith("/")) name += "index.html";
  if (PAGES.has(`${name}.html`)) name += ".html"; /* Some hosts leave it out. */
  const known = FIRST.includes(name) || name === "manifest.webmanifest";
  return known || FOLDERS.some((folder) => name.startsWith(folder)) ? name : "";
}

/** The address by which that is kept which a URL names; empty for what is not kept. */
function addressOf(url) {
  const name = nameOf(url);
  const version = new URL(url).searchParams.get("v");
  if (!name || (isSound(name) && !version)) return "";
  const address = SCOPE + name.split("/").map(encodeURIComponent).join("/");
  return isSound(name) ? `${address}?v=${encodeURIComponent(version)}` : address;
}

/** Whether an answer is the very file: no error, and nothing that a host shows in its place. */
function isGood(name, answer) {
  const html = /^text\/html\b/i.test(answer.headers.get("Content-Type") ?? "");
  return answer.status === 200 && answer.type === "basic" && nameOf(answer.url) === name && (isPage(name) || !html);
}

/** Keep an answer. Rejects where it breaks off, or the disk is full. */
async function put(cache, address, answer) {
  const headers = new Headers(answer.headers);
  headers.delete("Vary"); /* It is the same for all who ask. */
  await cache.put(address, new Response(answer.body, { headers })); /* Not one that was redirected: no page may be. */
}

/** What is kept at an address; undefined where nothing is, or the browser cannot say. */
async function cached(address) {
  try {
    return await (await caches.open(CACHE)).match(address);
  } catch {
    return undefined;
  }
}

self.addEventListener("install", (event) => {
  event.waitUntil(install().then(() => self.skipWaiting()));
});

/* Nothing is kept of a shell that is not whole. */
async function install() {
  const cache = await caches.open(CACHE);
  const shell = SHELL.map((name) => ({ name, address: addressOf(new URL(name, SCOPE)) }));
  const present = await Promise.all(shell.map(({ name, address }) => isProgram(name) && cache.match(address)));
  const missing = shell.filter((_, n) => !present[n]);
  const answers = await Promise.all(missing.map(fetched));
  for (const [n, { address }] of missing.entries()) await put(cache, address, answers[n]);
  await adopt(cache);
}

async function fetched({ name, address }) {
  const answer = await fetch(address, { cache: "reload" });
  if (!isGood(name, answer)) throw new Error(`cannot be kept: ${name}`);
  return new Response(await answer.blob(), answer);
}

/* Take over what the first versions kept of this book. */
async function adopt(cache) {
  for (const { shared, url, address } of await inShared()) {
    const answer = (await cache.match(address)) ? undefined : await shared.match(url, { ignoreVary: true });
    if (!answer || !isGood(nameOf(url), answer)) continue;
    await put(cache, address, answer).catch(() => {}); /* Then it stays where it is. */
  }
}

/** What the caches of all books have of this one; what was asked for without a query comes first. */
async function inShared() {
  const entries = [];
  for (const name of (await caches.keys()).filter((name) => SHARED.test(name))) {
    const shared = await caches.open(name);
    for (const { url } of await shared.keys()) entries.push({ shared, url, address: addressOf(url) });
  }
  const ours = entries.filter(({ address }) => address);
  return ours.sort((one, other) => one.url.includes("?") - other.url.includes("?"));
}

self.addEventListener("activate", (event) => {
  event.waitUntil(clear().catch(() => {}).then(() => self.clients.claim()));
});

/* Clear up: pages that the book has no more, and what no page that is kept loads. */
async function clear() {
  const cache = await caches.open(CACHE);
  for (const { shared, url, address } of await inShared()) {
    if (await cache.match(address)) await shared.delete(url, { ignoreVary: true });
  }
  const urls = (await cache.keys()).map(({ url }) => url);
  const pages = urls.filter((url) => PAGES.has(nameOf(url)));
  const styles = urls.filter((url) => url.endsWith(".css"));
  const assets = await Promise.all([...pages, ...styles].map((url) => assetsOf(cache, url)));
  const wanted = new Set([...SHELL.map((name) => addressOf(new URL(name, SCOPE))), ...pages, ...assets.flat()]);
  await Promise.all(urls.filter((url) => !wanted.has(url)).map((url) => cache.delete(url)));
}

/** The addresses of all that a page or a style loads. */
async function assetsOf(cache, url) {
  const text = await (await cache.match(url)).text();
  const links = Array.from(text.matchAll(/(?:src="|href="|url\(["']?)([^"')]+)/g), ([, link]) => link);
  const valid = [...new Set(links)].filter((link) => URL.canParse(link, url));
  return valid.map((link) => addressOf(new URL(link, url))).filter((address) => !isPage(address));
}

self.addEventListener("fetch", (event) => {
  const { method, url } = event.request;
  const address = method === "GET" ? addressOf(url) : "";
  if (!address) return;
  const name = nameOf(url);
  event.respondWith(isSound(name) ? sound(event, name, address) : file(event, name, address));
});

/** A page or what belongs to it: from the network, else what is kept. */
async function file(event, name, address) {
  const program = isProgram(name) ? await cached(address) : undefined;
  if (program) return program;
  const answer = await fetch(event.request, isPage(name) ? { cache: "no-cache" } : undefined).catch(() => null);
  if (answer && isGood(name, answer)) event.waitUntil(keep(address, answer.clone()));
  if (answer && answer.status < 500) return answer;
  return (await cached(address)) ?? answer ?? Response.error();
}

async function keep(address, answer) {
  try {
    await put(await caches.open(CACHE), address, answer);
  } catch {
    /* What was kept before stays. */
  }
}

/** Of the sounds that are being fetched, by address. */
const downloads = new Map();

/** A sound, or the part of it that is asked for. What is not kept yet is played at once, and kept meanwhile. */
async function sound(event, name, address) {
  const whole = await cached(address);
  if (whole) return part(event.request, whole);
  if (!downloads.has(address)) downloads.set(address, keepSound(name, address).finally(() => downloads.delete(address)));
  event.waitUntil(downloads.get(address));
  return fetch(event.request);
}

/* In the place of what the chapter sounded like before. */
async function keepSound(name, address) {
  const answer = await fetch(address).catch(() => null);
  if (!answer || !isGood(name, answer)) return answer?.body?.cancel();
  await keep(address, answer);
  if (!(await cached(address))) return;
  const cache = await caches.open(CACHE);
  for (const { url } of await cache.keys(address, { ignoreSearch: true })) if (url !== address) await cache.delete(url);
}

/** What a Range header asks for (RFC 9110 §14): browsers refuse a whole answer to it when they seek. */
async function part(request, whole) {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range") ?? "") ?? [];
  if ((!first && !last) || (first && last && Number(first) > Number(last))) return whole;
  const data = await whole.blob();
  const begin = first ? Number(first) : Math.max(0, data.size - Number(last));
  const end = first && last ? Math.min(Number(last) + 1, data.size) : data.size;
  const headers = new Headers({ "Content-Type": "audio/mpeg", "Accept-Ranges": "bytes" });
  if (begin >= end) {
    headers.set("Content-Range", `bytes */${data.size}`);
    return new Response(null, { status: 416, headers });
  }
  headers.set("Content-Range", `bytes ${begin}-${end - 1}/${data.size}`);
  return new Response(data.slice(begin, end), { status: 206, headers });
}
