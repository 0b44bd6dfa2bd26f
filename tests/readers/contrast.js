// What is seen of a page in the colours of a reading system, with elements lit or not: for `page.evaluate`.
([css, lit, active]) => {
  const parse = (colour) => {
    const found = /^rgba?\(([\d.]+), ([\d.]+), ([\d.]+)(?:, ([\d.]+))?\)$/.exec(colour);
    if (!found) throw new Error(`a colour of another form: ${colour}`);
    const [red, green, blue, alpha = "1"] = found.slice(1);
    return [red, green, blue, alpha].map(Number);
  };
  const over = ([r, g, b, a], [r2, g2, b2, a2]) => {
    const alpha = a + a2 * (1 - a);
    const mix = (top, below) => (alpha ? (top * a + below * a2 * (1 - a)) / alpha : 0);
    return [mix(r, r2), mix(g, g2), mix(b, b2), alpha];
  };
  const chain = (element) => (element ? [...chain(element.parentElement), element] : []);
  // An element, with all that is in it, is laid over what is behind it at its opacity.
  const layer = (elements, ink) => {
    if (!elements.length) return ink;
    const style = getComputedStyle(elements[0]);
    const [r, g, b, a] = over(layer(elements.slice(1), ink), parse(style.backgroundColor));
    return [r, g, b, a * Number(style.opacity)];
  };
  const NOTHING = [0, 0, 0, 0];
  const seen = (elements, ink = NOTHING) => over(layer(elements, ink), [255, 255, 255, 1]).slice(0, 3);

  document.querySelectorAll("style").forEach((style) => style.remove());
  const theme = document.createElementNS("http://www.w3.org/1999/xhtml", "style");
  theme.textContent = css;
  document.head.append(theme);
  const parts = lit.map((id) => document.getElementById(id));
  parts.forEach((part) => part.classList.add(active));

  const texts = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode()); ) {
    const element = node.parentElement;
    if (!node.data.trim() || !element.checkVisibility()) continue;
    const elements = chain(element);
    const ink = seen(elements, parse(getComputedStyle(element).color));
    texts.push({ text: node.data.trim(), ink, behind: seen(elements) });
  }

  const marks = parts.map((part) => {
    const elements = chain(part);
    const page = elements.slice(0, -1);
    const style = getComputedStyle(part);
    const line = /^(rgba?\([^)]*\)) 0px ([\d.]+)px 0px 0px$/.exec(style.boxShadow);
    const outlined = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
    return {
      page: seen(page),
      shown: [
        seen(elements),
        seen(page, line && Number(line[2]) > 0 ? parse(line[1]) : NOTHING),
        seen(page, outlined ? parse(style.outlineColor) : NOTHING),
      ],
    };
  });

  const links = [...document.querySelectorAll("a[href]")]
    .filter((link) => link.checkVisibility())
    .map((link) => {
      const style = getComputedStyle(link);
      const around = getComputedStyle(link.parentElement);
      const raised = link.querySelector("sup");
      return {
        text: link.textContent,
        marks: [
          style.textDecorationLine.includes("underline") && "underlined",
          Number(style.fontWeight) > Number(around.fontWeight) && "bold",
          raised && getComputedStyle(raised).verticalAlign === "super" && "raised",
        ].filter(Boolean),
      };
    });

  parts.forEach((part) => part.classList.remove(active));
  return { texts, marks, links };
}
