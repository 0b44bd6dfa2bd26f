/* What the browser remembers of a book: how one reads it, and where one was.

   The page may load this file before it is drawn (without `defer`), so that it never flashes in another light. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const page = document.documentElement;
  /* The same for all editions of a book. */
  const key = `hakawati:${page.dataset.book}`;
  const SIZES = [0.8, 0.9, 1, 1.15, 1.3, 1.5, 1.75, 2];
  const LIGHTS = ["auto", "day", "night"];
  const USUAL = { light: "auto", size: 1, rate: 1, language: "", keys: true, follow: true };

  /* A browser may refuse (a private window, a full disk), and anybody may have written there. */
  function all() {
    try {
      const found = JSON.parse(localStorage.getItem(key));
      return found && typeof found === "object" ? found : {};
    } catch {
      return {};
    }
  }

  function put(name, value) {
    try {
      localStorage.setItem(key, JSON.stringify({ ...all(), [name]: value }));
    } catch {
      /* Then nothing is remembered. */
    }
  }

  let now = { ...USUAL, ...all().settings };

  /* What the styles ask for. */
  function show() {
    page.dataset.reader = "";
    page.dataset.light = LIGHTS.includes(now.light) ? now.light : "auto";
    page.style.setProperty("--size", SIZES.includes(now.size) ? now.size : 1);
  }

  Hakawati.memory = {
    SIZES,
    LIGHTS,
    /** The present settings; what was never chosen is as in `USUAL`. */
    get settings() {
      return { ...now };
    },
    /** Choose a setting, now and for later. */
    set(name, value) {
      now = { ...now, [name]: value };
      put("settings", now);
      show();
      Hakawati.tell("settings");
    },
    /** Where one was: `{edition, layout, chapter, title, path, sentence, word, seen, above}`, or null. */
    get place() {
      return all().place ?? null;
    },
    set place(value) {
      put("place", value);
    },
    /** Ask the next page, which is another document, to go on playing (`file:` cannot fetch one). */
    goOn() {
      try {
        sessionStorage.setItem(key, "play");
      } catch {
        /* Then it waits. */
      }
    },
    /** Whether the last page asked for it; asked once. */
    goesOn() {
      try {
        const asked = sessionStorage.getItem(key) === "play";
        sessionStorage.removeItem(key);
        return asked;
      } catch {
        return false;
      }
    },
  };

  /** Tell every part of the program, and whoever else listens on `window`, that something has happened (`hakawati:NAME`). */
  Hakawati.tell = (name, detail = null) => {
    window.dispatchEvent(new CustomEvent(`hakawati:${name}`, { detail }));
  };

  show();
})();
