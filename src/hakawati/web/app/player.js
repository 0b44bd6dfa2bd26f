/* The sound: playing it, moving in it, its speed. What shows it is elsewhere, and told by events on `window`. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const RATES = [0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2];
  const FORWARDED = ["play", "playing", "pause", "ended", "seeked", "timeupdate", "ratechange", "loadedmetadata"];
  /** So far into a sentence, in milliseconds, “previous” means its own beginning. */
  const AGAIN = 1500;
  /** No browser leaves the clock of what plays unchanged for longer. */
  const COARSE = 100;

  let audio = null;
  /* Of what, as a whole URL: the page's own may change under it. */
  let file = "";
  /* Where to begin once the sound is there, in milliseconds; null where it is. */
  let wanted = null;
  let begun = false;
  let seen = { clock: -1, at: 0 };

  /** Take over the sound of a page: this one, or one that has just been fetched from `base`.

      The element stays the same from page to page, since browsers let only one that was once started by hand
      start by itself. Tells whether what it plays is another file now. */
  function adopt(page = document, base = location.href) {
    const given = page.querySelector("#player audio");
    const source = given ? new URL(given.getAttribute("src"), base).href : "";
    if (!audio && given) prepare(page === document ? given : document.importNode(given), source);
    if (!audio || file === source) return false;
    file = source;
    wanted = null;
    begun = false;
    if (source) audio.src = source;
    else {
      audio.pause();
      audio.removeAttribute("src");
      audio.load();
    }
    setRate(Hakawati.memory.settings.rate);
    return true;
  }

  function prepare(element, source) {
    audio = element;
    audio.src = file = source;
    audio.controls = false;
    audio.preservesPitch = true;
    for (const type of FORWARDED) audio.addEventListener(type, () => Hakawati.tell(type));
    audio.addEventListener("loadedmetadata", arrive);
    audio.addEventListener("error", () => has() && Hakawati.tell("trouble", "no-sound"));
    setRate(Hakawati.memory.settings.rate);
  }

  function arrive() {
    if (wanted !== null) audio.currentTime = wanted / 1000;
    wanted = null;
  }

  const has = () => file !== "";
  const playing = () => has() && !audio.paused && !audio.ended;

  /** The time that is heard now, in whole milliseconds.

      Some browsers move `currentTime` only every few frames: in between, the time that has passed is added. */
  function time() {
    if (!has()) return 0;
    if (wanted !== null) return wanted;
    const clock = audio.currentTime;
    const at = performance.now();
    if (clock !== seen.clock) seen = { clock, at };
    const moves = playing() && !audio.seeking && audio.readyState > 2;
    const passed = moves ? Math.min(at - seen.at, COARSE) * audio.playbackRate : 0;
    return Math.round(clock * 1000 + passed);
  }

  async function play() {
    if (!has()) return;
    begun = true;
    try {
      await audio.play();
    } catch (error) {
      /* Interrupted by a pause or by another file, or not allowed before the reader has done anything. */
      if (!["AbortError", "NotAllowedError"].includes(error.name)) Hakawati.tell("trouble", "no-sound");
    }
  }

  const pause = () => audio?.pause();
  const toggle = () => (playing() ? pause() : play());

  /** Move to `milliseconds`, and play from there if asked. */
  function seek(milliseconds, { play: start = false } = {}) {
    if (!has()) return;
    const ms = Math.max(0, Math.min(milliseconds, Hakawati.cues.duration));
    begun = true;
    wanted = audio.readyState ? null : ms;
    audio.currentTime = ms / 1000;
    Hakawati.tell("seek", ms);
    if (start) play();
  }

  /** To the next sentence (1) or the previous one (-1). */
  function step(way) {
    const { cues } = Hakawati;
    const now = time();
    const n = Math.max(0, cues.at(now));
    if (!has() || !cues.list.length) return;
    const again = way < 0 && now - cues.list[n].begin > AGAIN;
    const to = cues.list[again ? n : n + way];
    if (to) seek(to.begin);
    else if (way < 0) seek(0);
  }

  /** To the next word or the previous one, over the sentences' edges. */
  function stepWord(way) {
    const { cues } = Hakawati;
    if (!has() || !cues.list.length) return;
    let n = Math.max(0, cues.at(time()));
    let w = cues.wordAt(n, time()) + way;
    if (w < 0 && n > 0) w = cues.list[(n -= 1)].words.length - 1;
    else if (w >= cues.list[n].words.length && n + 1 < cues.list.length) [n, w] = [n + 1, 0];
    if (w >= 0 && w < cues.list[n].words.length) seek(cues.onset(n, w));
  }

  function setRate(rate) {
    const known = RATES.includes(rate) ? rate : 1;
    /* The first is what another file begins with. */
    if (audio) audio.defaultPlaybackRate = audio.playbackRate = known;
  }

  /** To the next speed (1) or the previous one (-1). */
  function changeRate(way) {
    const to = RATES[RATES.indexOf(rate()) + way];
    if (!to) return;
    Hakawati.memory.set("rate", to);
    setRate(to);
  }

  const rate = () => (RATES.includes(audio?.playbackRate) ? audio.playbackRate : 1);

  Hakawati.player = {
    RATES,
    get audio() {
      return audio;
    },
    /** Whether anything has been played or chosen in this page yet. */
    get begun() {
      return begun;
    },
    adopt,
    has,
    playing,
    time,
    play,
    pause,
    toggle,
    step,
    stepWord,
    rate,
    changeRate,
  };
  Hakawati.seek = seek;
})();
