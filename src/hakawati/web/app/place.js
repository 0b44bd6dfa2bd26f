/* Where the reader is: in the sound and on the page; kept when the page changes, and remembered. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const page = document.documentElement;
  /** After so long without another move, in milliseconds, a place is worth remembering. */
  const SETTLED = 400;

  /** So far from where it should be, in milliseconds, the sound is left as it is: moving it is heard. */
  const NEAR = 250;

  const plain = (element) => element?.textContent.replace(/\s+/g, " ").trim() ?? "";

  /** `{sentence, word, time, playing}`: ids as in the page, words from 1, milliseconds. */
  function place() {
    const { cues, player } = Hakawati;
    const time = player.time();
    const n = cues.at(time);
    const found = n < 0 ? { sentence: "", word: 0 } : { sentence: cues.list[n].id, word: cues.wordAt(n, time) + 1 };
    return { ...found, time, playing: player.playing() };
  }

  /* What can be seen of the book, and how far below the bar: what is read if it is in sight, else from the
     first sentence in the window on; so many of them. */
  function sight(count = Infinity) {
    const { top, height } = Hakawati.follow.view();
    const every = [...document.querySelectorAll("#book .s")];
    const lit = Hakawati.light.element?.closest(".s");
    const at = lit?.getClientRects()[0];
    const read = at && at.bottom > top && at.top < top + height;
    const from = read ? every.indexOf(lit) : every.findIndex((s) => s.getBoundingClientRect().bottom > top + 1);
    const found = [];
    for (const element of from < 0 ? [] : [...every.slice(from), ...every.slice(0, from).reverse()]) {
      const box = element.getClientRects()[0];
      if (box) found.push({ id: element.id, text: plain(element), above: box.top - top });
      if (found.length >= count) break;
    }
    return found;
  }

  /** All that is needed to find the place again in another form of the page. */
  function capture() {
    const { cues, player } = Hakawati;
    const now = place();
    const n = cues.at(now.time);
    const w = now.word - 1;
    return {
      begun: player.begun,
      playing: now.playing,
      id: now.sentence,
      n,
      text: n < 0 ? "" : plain(cues.element(n)),
      w,
      said: n < 0 ? "" : plain(cues.wordElement(n, w)),
      into: n < 0 ? 0 : now.time - cues.onset(n, w),
      sight: scrollY > 0 || now.playing ? sight() : [],
    };
  }

  /* Of those that are alike, the nearest to where it was. */
  const nearest = (found, to) =>
    found.length ? found.reduce((one, other) => (Math.abs(other - to) < Math.abs(one - to) ? other : one)) : -1;

  /** The sentence that was read: the same text nearest to where it was, else the same id, else what stands there. */
  function sentenceLike(before) {
    const { cues } = Hakawati;
    const same = cues.number(before.id);
    if (same >= 0 && (!before.text || plain(cues.element(same)) === before.text)) return same;
    const alike = [...cues.list.keys()].filter((n) => before.text && plain(cues.element(n)) === before.text);
    const found = nearest(alike, before.n);
    if (found >= 0) return found;
    return same >= 0 ? same : Math.min(before.n, cues.list.length - 1);
  }

  function wordLike(before, n) {
    const { cues } = Hakawati;
    const count = cues.list[n].words.length;
    const alike = [...Array(count).keys()].filter((w) => before.said && plain(cues.wordElement(n, w)) === before.said);
    const found = nearest(alike, before.w);
    return found >= 0 ? found : Math.max(0, Math.min(before.w, count - 1));
  }

  /** Go where `before` was, in the sound and on the page. `other`: whether it is another sound now. */
  function restore(before, other) {
    const { cues, player } = Hakawati;
    if (before.begun && before.n >= 0 && cues.list.length && player.has()) {
      const n = sentenceLike(before);
      const w = wordLike(before, n);
      const into = Math.min(before.into, Math.max(0, cues.offset(n, w) - cues.onset(n, w) - 1));
      const to = cues.onset(n, w) + into;
      if (other || Math.abs(to - player.time()) > NEAR) Hakawati.seek(to, { play: before.playing });
    }
    look(before.sight);
  }

  /** Move the page so that the first of these sentences that is there stands where it stood. */
  function look(sight) {
    const byText = new Map();
    for (const element of document.querySelectorAll("#book .s")) byText.set(plain(element), element);
    for (const { id, text, above } of sight) {
      const same = document.getElementById(id);
      const found = same && (!text || plain(same) === text) ? same : (byText.get(text) ?? same);
      const box = found?.getClientRects()[0];
      if (!box) continue;
      window.scrollBy({ top: box.top - Hakawati.follow.view().top - above, behavior: "instant" });
      return;
    }
  }

  let waiting = 0;

  function remember() {
    clearTimeout(waiting);
    waiting = 0;
    const { chapter, edition, layout } = page.dataset;
    if (!chapter) return;
    const now = place();
    const [seen] = sight(1);
    const path = location.href.split(/[?#]/)[0].slice(root().length);
    Hakawati.memory.place = {
      ...{ edition, layout, chapter, path, title: document.title.split(" · ")[0] },
      ...(Hakawati.player.begun ? { sentence: now.sentence, word: now.word } : {}),
      ...(seen ? { seen: seen.id, above: Math.round(seen.above) } : {}),
    };
  }

  /** Where the book's folder begins. */
  const root = () => new URL(page.dataset.root || "./", location.href.split(/[?#]/)[0]).href;

  const soon = () => {
    if (!waiting) waiting = setTimeout(remember, SETTLED);
  };

  /** Go where the reader was in this chapter, if that is known and nothing else was asked for. */
  function recall() {
    const last = Hakawati.memory.place;
    if (last?.chapter !== page.dataset.chapter || !last.chapter || location.hash) return;
    const { cues } = Hakawati;
    const n = cues.number(last.sentence);
    if (n >= 0) Hakawati.seek(cues.onset(n, (last.word || 1) - 1));
    look([{ id: last.seen ?? last.sentence ?? "", text: "", above: last.above ?? 0 }]);
  }

  function watch() {
    for (const name of ["sentence", "pause", "seek"]) window.addEventListener(`hakawati:${name}`, soon);
    addEventListener("scroll", soon, { passive: true });
    addEventListener("pagehide", remember);
    document.addEventListener("visibilitychange", () => document.hidden && remember());
  }

  Hakawati.place = place;
  Hakawati.places = { capture, restore, remember, recall, watch, root };
})();
