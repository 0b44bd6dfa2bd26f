/* What the keys do. They are found by the letter, and where a keyboard has others (an Arabic one), by their place. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const PLACES = { BracketLeft: "[", BracketRight: "]", Slash: "/", Minus: "-", Equal: "=" };
  const TYPED = "input, select, textarea, [contenteditable]:not([contenteditable='false'])";

  const way = (right) => (right === (document.documentElement.dir !== "rtl") ? 1 : -1);
  const slower = () => Hakawati.player.changeRate(-1);
  const faster = () => Hakawati.player.changeRate(1);
  const toggle = () => Hakawati.player.toggle();
  const help = () => Hakawati.help.open();

  const ACTIONS = {
    " ": toggle,
    k: toggle,
    ArrowLeft: () => Hakawati.player.step(way(false)),
    ArrowRight: () => Hakawati.player.step(way(true)),
    "⇧ArrowLeft": () => Hakawati.player.stepWord(way(false)),
    "⇧ArrowRight": () => Hakawati.player.stepWord(way(true)),
    "[": slower,
    "-": slower,
    "]": faster,
    "+": faster,
    "=": faster,
    r: () => Hakawati.loop.toggle(),
    n: () => Hakawati.views.turn(),
    "?": help,
    "؟": help,
  };
  const SILENT = new Set(["n", "?", "؟"]);

  function name({ key, code, shiftKey }) {
    if (key.startsWith("Arrow")) return shiftKey ? `⇧${key}` : key;
    if (Object.hasOwn(ACTIONS, key.toLowerCase())) return key.toLowerCase();
    const letter = /^Key([A-Z])$/.exec(code);
    const latin = /^[\x20-\x7e]$/.test(key);
    return latin ? "" : letter ? letter[1].toLowerCase() : PLACES[code] ?? "";
  }

  function pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    const target = event.target.closest ? event.target : document.body;
    if (target.closest(TYPED) || document.querySelector("dialog:modal")) return;
    const found = name(event);
    const action = Object.hasOwn(ACTIONS, found) ? ACTIONS[found] : null;
    if (!action || !Hakawati.memory.settings.keys) return;
    /* These press what has the focus. */
    if (found === " " && target.closest("button, summary")) return;
    if (!SILENT.has(found) && !Hakawati.player.has()) return;
    event.preventDefault();
    if (!event.repeat || found.endsWith("ArrowLeft") || found.endsWith("ArrowRight")) action();
  }

  Hakawati.keys = { watch: () => document.addEventListener("keydown", pressed) };
})();
