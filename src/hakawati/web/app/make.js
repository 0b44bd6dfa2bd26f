/* Elements, and the pictures on buttons. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const SVG = "http://www.w3.org/2000/svg";

  /* On a field of 24 × 24, drawn with a pen; those of FILLED are filled; those of WAYS point along the text. */
  const ICONS = {
    contents: "M5 6.5h14M5 12h14M5 17.5h8",
    view: "M4.5 8h7M16.5 8h3M14 5.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5M4.5 16h3M12.5 16h7M10 13.5a2.5 2.5 0 1 1 0 5a2.5 2.5 0 1 1 0-5",
    play: "M8 5.2v13.6L18.8 12z",
    pause: "M7 5.5h3.6v13H7zM13.4 5.5H17v13h-3.6z",
    back: "M14.5 6L8.5 12l6 6",
    forward: "M9.5 6l6 6-6 6",
    previous: "M16.5 6.5L11 12l5.5 5.5M7.5 6.5v11",
    next: "M7.5 6.5L13 12l-5.5 5.5M16.5 6.5v11",
    loop: "M7 7h9.5a3.5 3.5 0 0 1 3.5 3.5v1.5M14.2 4.2L17 7l-2.8 2.8M17 17H7.5a3.5 3.5 0 0 1-3.5-3.5V12M9.8 19.8L7 17l2.8-2.8",
    slower: "M7 12h10",
    faster: "M7 12h10M12 7v10",
    close: "M7 7l10 10M17 7L7 17",
    here: "M12 7.5a4.5 4.5 0 1 1 0 9a4.5 4.5 0 1 1 0-9M12 3.5v3M12 17.5v3M3.5 12h3M17.5 12h3",
  };
  const FILLED = new Set(["play", "pause"]);
  const WAYS = new Set(["back", "forward", "previous", "next"]);

  /** An element with these attributes (`true`: without a value; `false`: not there) and children. */
  Hakawati.make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };

  Hakawati.icon = (name) => {
    const svg = document.createElementNS(SVG, "svg");
    const path = document.createElementNS(SVG, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.classList.add("icon");
    svg.classList.toggle("filled", FILLED.has(name));
    svg.classList.toggle("way", WAYS.has(name));
    path.setAttribute("d", ICONS[name]);
    svg.append(path);
    return svg;
  };

  /** A button with a picture; its name comes from `Hakawati.words`. */
  Hakawati.button = (id, icon, attributes = {}) =>
    Hakawati.make(
      "button",
      { type: "button", id: `hk-${id}`, class: "round", "data-say-label": id, ...attributes },
      Hakawati.icon(icon),
    );
})();
