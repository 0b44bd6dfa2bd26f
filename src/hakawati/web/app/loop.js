/* A sentence again and again. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  /** So long before the next sentence, in milliseconds, it goes back: what has been decoded is still heard. */
  const EARLY = 40;

  let on = false;
  let repeated = -1;

  function choose(ms) {
    repeated = Math.max(0, Hakawati.cues.at(ms));
  }

  function toggle() {
    if (!Hakawati.player.has()) return;
    on = !on;
    choose(Hakawati.player.time());
    Hakawati.tell("loop", on);
  }

  function again() {
    const { list } = Hakawati.cues;
    if (!on || !list[repeated]) return false;
    Hakawati.seek(list[repeated].begin, { play: true });
    return true;
  }

  /** Go back where the sentence ends; whether it did. */
  function at(ms) {
    const sentence = on && Hakawati.player.playing() ? Hakawati.cues.list[repeated] : null;
    return Boolean(sentence) && ms >= sentence.end - EARLY && again();
  }

  Hakawati.loop = {
    get on() {
      return on;
    },
    toggle,
    at,
    again,
  };
  window.addEventListener("hakawati:seek", ({ detail: ms }) => choose(ms));
  window.addEventListener("hakawati:page", () => choose(Hakawati.player.time()));
})();
