/* The page goes along with what is read, unless the reader has just moved it. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  /** So long, in milliseconds, the page stays where the reader put it. */
  const PATIENCE = 6000;
  const SCROLLING = new Set(["ArrowUp", "ArrowDown", "PageUp", "PageDown", "Home", "End"]);
  /** Of the height between the bars: what is read may be here, and is brought to its upper third. */
  const [UPPER, LOWER, TO] = [0.04, 0.72, 0.26];

  let moved = -Infinity;
  let button = null;

  const byHand = () => {
    moved = performance.now();
  };

  /** The part of the window where the text is seen: from its top, and how high. */
  function view() {
    const top = document.getElementById("bar")?.getBoundingClientRect().bottom ?? 0;
    const foot = document.getElementById("player")?.getBoundingClientRect();
    const bottom = foot?.height ? Math.min(foot.top, innerHeight) : innerHeight;
    return { top: Math.max(0, top), height: Math.max(1, bottom - Math.max(0, top)) };
  }

  /* Where the first line of an element stands, 0 to 1 from bar to bar; null where it is not shown. */
  function height(element) {
    const box = element.getClientRects()[0];
    const { top, height: whole } = view();
    return box ? { above: (box.top - top) / whole, below: (box.bottom - top) / whole } : null;
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

  function bring(element) {
    const { top, height: whole } = view();
    const box = element.getClientRects()[0];
    if (box) {
      const by = box.top - top - whole * TO;
      window.scrollBy({ top: by, behavior: calm() || Math.abs(by) > whole * 1.5 ? "instant" : "smooth" });
    }
  }

  /** Bring what is read into sight, if it is not, and if the reader lets the page move. */
  function to(element) {
    const { player, memory, popups } = Hakawati;
    const at = height(element);
    const free = performance.now() - moved > PATIENCE && !popups.open && !document.hidden;
    const away = Boolean(at) && (at.above < UPPER || at.below > LOWER);
    const lost = Boolean(at) && (at.below < 0 || at.above > 1);
    if (away && free && memory.settings.follow && player.playing()) bring(element);
    button.hidden = !lost || (free && memory.settings.follow);
  }

  /** The button that leads back. */
  function build() {
    button = Hakawati.make("button", { type: "button", id: "hk-return", hidden: true }, Hakawati.icon("here"));
    button.append(Hakawati.make("span", { "data-say": "return" }));
    button.addEventListener("click", () => {
      moved = -Infinity;
      const { element } = Hakawati.light;
      if (element) bring(element);
      button.hidden = true;
    });
    document.getElementById("player").before(button);
    addEventListener("wheel", byHand, { passive: true });
    addEventListener("touchmove", byHand, { passive: true });
    addEventListener("keydown", (event) => SCROLLING.has(event.key) && byHand());
    /* The scroll bar belongs to the document itself. */
    addEventListener("mousedown", (event) => event.target === document.documentElement && byHand());
  }

  Hakawati.follow = {
    build,
    to,
    bring,
    view,
    /** Let the page move again at once, since the reader has chosen a place in the sound. */
    release: () => {
      moved = -Infinity;
    },
  };
  window.addEventListener("hakawati:seek", () => Hakawati.follow.release());
})();
