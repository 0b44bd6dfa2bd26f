/* What is heard is lit: the word, more softly its sentence, and what says the same where both belong together. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  let shown = { n: -1, w: -1, marked: [] };

  /** Light what is heard at `ms`; nothing where it is negative. */
  function at(ms) {
    const { cues } = Hakawati;
    const n = ms < 0 ? -1 : cues.at(ms);
    const w = n < 0 ? -1 : cues.wordAt(n, ms);
    if (n === shown.n && w === shown.w && shown.marked.every(([element]) => element.isConnected)) return;
    for (const [element, name] of shown.marked) element.classList.remove(name);
    const moved = n !== shown.n;
    const sentence = n < 0 ? null : cues.element(n);
    const word = n < 0 ? null : cues.wordElement(n, w);
    const pair = n < 0 || !cues.list[n].pair ? null : document.getElementById(cues.list[n].pair);
    const marked = [[pair, "reading"], [sentence, "reading"], [word ?? sentence, "lit"]];
    shown = { n, w, marked: marked.filter(([element]) => element) };
    for (const [element, name] of shown.marked) element.classList.add(name);
    if (moved) Hakawati.tell("sentence", n);
    if (word ?? sentence) Hakawati.follow.to(word ?? sentence);
  }

  Hakawati.light = {
    at,
    /** The page has been replaced: nothing in it is lit yet. */
    forget() {
      shown = { n: -2, w: -2, marked: [] };
    },
    /** The element that is lit: the word, else its sentence; null where nothing is. */
    get element() {
      return shown.marked.at(-1)?.[0] ?? null;
    },
    get sentence() {
      return shown.n;
    },
  };
})();
