/* From page to page without losing the sound: another page is fetched and put in the place of this one.

   A page opened as a file may not fetch another; there, links lead on as they do in any page. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const page = document.documentElement;
  const FETCHES = location.protocol === "http:" || location.protocol === "https:";
  /** So many silent chapters in a row are passed over to go on reading aloud. */
  const SILENT = 20;

  let asked = null;
  let here = location.href.split("#")[0];

  async function fetched(url, signal) {
    const answer = await fetch(url, { cache: "no-cache", signal });
    if (!answer.ok) throw new Error(`${answer.status} ${url}`);
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    const { root } = found.documentElement.dataset;
    const ours = root !== undefined && new URL(root || "./", url).href === Hakawati.places.root();
    if (!ours || !found.getElementById("book")) throw new Error(`not of this book: ${url}`);
    return found;
  }

  /** Put another page, or this one as it is now, in the place of what is shown.

      `keep`: stay at the same place in the text; else it begins at its beginning, or where its URL points to.
      `play`: go on playing; by default if it plays now. `entry`: whether the page is another entry in the
      browser's history, `push`, `replace`, or `none`. The last one that is asked for wins; `AbortError` for the
      others, and where the browser has to load the page, since it comes with another version of this program.
      Rejects where the page cannot be had, and leaves all as it is. */
  async function swap(url, { keep = false, play = Hakawati.player.playing(), entry = "replace" } = {}) {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    const to = new URL(url, location.href);
    const found = await fetched(to.href.split("#")[0], signal);
    signal.throwIfAborted();
    if (found.documentElement.dataset.program !== page.dataset.program) {
      load(to, play, entry);
      asked.abort();
    } else await styled(found, to);
    signal.throwIfAborted();
    show(found, to, { keep, play, entry });
  }

  function load(to, play, entry) {
    if (play) Hakawati.memory.goOn();
    Hakawati.places.remember();
    if (to.href.split("#")[0] === location.href.split("#")[0]) location.reload();
    else if (entry === "push") location.assign(to);
    else location.replace(to);
  }

  /* The styles of the other page come before it, those of this one go after it. */
  async function styled(found, to) {
    const links = [...document.querySelectorAll('link[rel="stylesheet"]')];
    const known = new Set(links.map((link) => link.dataset.url));
    const wanted = [...found.querySelectorAll('link[rel="stylesheet"]')];
    const urls = wanted.map((link) => new URL(link.getAttribute("href"), to).href);
    const missing = urls.filter((url) => !known.has(url));
    const ready = missing.map((href) => {
      const link = Hakawati.make("link", { rel: "stylesheet", href, "data-url": href });
      links[0].before(link); // and so in their order
      return new Promise((done) => {
        link.onload = link.onerror = done;
      });
    });
    await Promise.all(ready);
    const root = new URL(found.documentElement.dataset.root || "./", to).href;
    for (const link of links) {
      const { url } = link.dataset;
      if (missing.length && url?.startsWith(root) && !urls.includes(url)) link.remove();
    }
  }

  function show(found, to, { keep, play, entry }) {
    const before = Hakawati.places.capture();
    const focused = focus();
    Hakawati.places.remember();
    write(to, entry);
    for (const name of ["lang", "dir"]) page.setAttribute(name, found.documentElement.getAttribute(name) ?? "");
    for (const name of ["book", "edition", "layout", "chapter", "root", "home"]) {
      page.dataset[name] = found.documentElement.dataset[name] ?? "";
    }
    document.title = found.title;
    const open = document.querySelector("#views details")?.open;
    for (const id of ["bar", "book", "terms", "cues"]) replace(id, found.getElementById(id));
    Hakawati.light.forget();
    const other = Hakawati.player.adopt(found, to.href);
    Hakawati.controls.adopt(found);
    Hakawati.dress();
    if (keep && open) document.querySelector("#views details")?.setAttribute("open", "");
    Hakawati.tell("page", { keep });
    if (keep) Hakawati.places.restore({ ...before, playing: play }, other);
    else begin(to, play);
    if (keep) document.querySelector(focused)?.focus({ preventScroll: true });
  }

  function replace(id, other) {
    const present = document.getElementById(id);
    if (present && other) present.replaceWith(document.adoptNode(other));
    else if (present) present.remove();
    else if (other) document.body.append(document.adoptNode(other));
  }

  function write(to, entry) {
    const [path] = to.href.split("#");
    if (entry === "push") {
      history.replaceState({ ...history.state, scroll: scrollY }, "");
      history.pushState(null, "", path);
    } else if (entry === "replace") history.replaceState(history.state, "", path);
    here = path;
  }

  /* A new page: from its beginning, for the eye and for a screen reader. */
  function begin(to, play) {
    document.getElementById("book").focus({ preventScroll: true });
    if (to.hash) location.replace(to.hash);
    else window.scrollTo({ top: 0, behavior: "instant" });
    if (play && Hakawati.player.has()) Hakawati.seek(0, { play });
    else Hakawati.places.recall();
  }

  /* How to find what has the focus in the new page. */
  function focus() {
    const { activeElement: at } = document;
    for (const name of ["layout", "edition"]) {
      const value = at?.matches("#views a") && at.dataset[name];
      if (typeof value === "string") return `#views a[data-${name}="${CSS.escape(value)}"]`;
    }
    if (at?.matches("#views summary")) return "#views summary";
    return at?.id ? `#${CSS.escape(at.id)}` : ":focus";
  }

  /** Lead to another page of the book: without leaving this document where that is possible. */
  async function go(url, options = {}) {
    if (!FETCHES) {
      load(new URL(url, location.href), options.play ?? Hakawati.player.playing(), "push");
      return;
    }
    try {
      await swap(url, { entry: "push", ...options });
    } catch (error) {
      if (error.name === "AbortError") return;
      location.assign(url);
      throw error;
    }
  }

  /** Go on with the next chapter that is read aloud; what is silent in between is passed over. */
  async function onward() {
    let url = document.querySelector('#player a[rel="next"]')?.href;
    try {
      for (let n = 0; url && FETCHES && n < SILENT; n += 1) {
        const found = await fetched(url);
        if (found.getElementById("cues")) break;
        const next = found.querySelector('#player a[rel="next"]')?.getAttribute("href");
        url = next && new URL(next, url).href;
      }
    } catch {
      Hakawati.tell("trouble", "no-page");
      return;
    }
    if (url) await go(url, { play: true });
  }

  function follow(event) {
    const link = event.target.closest?.("a[href]");
    const other = event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (!link || other || event.defaultPrevented || link.target || link.hasAttribute("download")) return;
    const [path, hash] = link.href.split("#");
    if (!path.startsWith(Hakawati.places.root()) || !path.endsWith(".html")) return;
    if (path === here && hash !== undefined) return;
    event.preventDefault();
    const keep = link.matches("#layouts a, #editions a");
    if (path !== here || !keep) go(link.href, keep ? { keep, entry: "replace" } : {});
  }

  function back() {
    if (location.href.split("#")[0] === here) return;
    const { scroll } = history.state ?? {};
    swap(location.href, { entry: "none" }).then(
      () => scroll !== undefined && window.scrollTo({ top: scroll, behavior: "instant" }),
      (error) => error.name !== "AbortError" && location.reload(),
    );
  }

  /* What the head links to stays where it is when the page's own URL changes. */
  function pin() {
    for (const link of document.querySelectorAll("head link[href]")) {
      if (link.rel === "stylesheet") link.dataset.url = link.href; // set anew, it would load anew
      else link.setAttribute("href", link.href);
    }
  }

  function watch() {
    document.addEventListener("click", follow);
    if (!FETCHES) return;
    pin();
    history.scrollRestoration = "manual";
    addEventListener("popstate", back);
  }

  Hakawati.swap = swap;
  Hakawati.pages = { go, onward, watch };
})();
