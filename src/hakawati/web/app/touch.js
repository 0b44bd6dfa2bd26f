/* A click on a word reads from there. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const OTHERS = "a, button, summary, input, label, select, textarea, audio, [role='button']";

  /* Between two words of a sentence, the nearer one is meant. */
  function meant(event) {
    const found = Hakawati.cues.of(event.target);
    if (found) return found;
    const sentence = event.target.closest(".s");
    const n = sentence ? Hakawati.cues.number(sentence.id) : -1;
    if (n < 0) return null;
    const distances = Hakawati.cues.list[n].words.map((_, w) => distance(Hakawati.cues.wordElement(n, w), event));
    return { sentence: n, word: distances.indexOf(Math.min(...distances)) };
  }

  function distance(element, { clientX: x, clientY: y }) {
    const boxes = [...(element?.getClientRects() ?? [])];
    const far = ({ left, right, top, bottom }) =>
      Math.hypot(Math.max(left - x, 0, x - right), Math.max(top - y, 0, y - bottom));
    return Math.min(...boxes.map(far));
  }

  /* What lies over the page is closed by a click beside it, which means no word. */
  let over = false;

  function pressed() {
    over = Hakawati.popups.open || Boolean(document.querySelector("#bar details[open]"));
  }

  function clicked(event) {
    const { target } = event;
    if (over) return;
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.shiftKey || !target.closest?.("#book") || target.closest(OTHERS)) return;
    if (!getSelection().isCollapsed || !Hakawati.player.has()) return;
    const found = meant(event);
    if (found) Hakawati.seek(Hakawati.cues.onset(found.sentence, found.word), { play: true });
  }

  function watch() {
    document.addEventListener("pointerdown", pressed, { capture: true });
    document.addEventListener("click", clicked);
  }

  Hakawati.touch = { watch };
})();
