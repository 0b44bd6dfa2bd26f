/* A drawing that the build made, put into the page: so that it has the page's colours, and nothing that acts. */
(() => {
  "use strict";
  const Live = (window.HakawatiLive ??= {});
  const SVG = "http://www.w3.org/2000/svg";
  /** What may stand in a drawing. */
  const KNOWN = "svg, g, path, rect, line, polyline, polygon, circle, ellipse, text, tspan, title, desc, defs";

  /** The drawing at a URL; null where there is none. */
  async function drawing(url) {
    const answer = await fetch(url, { cache: "no-cache" });
    if (!answer.ok) return null;
    const found = new DOMParser().parseFromString(await answer.text(), "image/svg+xml").documentElement;
    if (found.namespaceURI !== SVG || found.localName !== "svg") return null;
    for (const element of [found, ...found.querySelectorAll("*")]) {
      if (element.namespaceURI !== SVG || !element.matches(KNOWN)) element.remove();
      for (const { name } of [...element.attributes]) {
        if (/^on|href$|^style$/i.test(name)) element.removeAttribute(name);
      }
    }
    return document.importNode(found, true);
  }

  Live.drawing = drawing;
})();
