/* From a line of a source file to where it stands in the book. */
(() => {
  "use strict";
  const Live = (window.HakawatiLive ??= {});
  /** Milliseconds for which the place is marked. */
  const MARKED = 2500;

  /** The block of the page in which a line of a file begins, by `data-line="FILE:LINE"`; null if there is none. */
  function block(file, line) {
    let found = null;
    let best = 0;
    for (const element of document.querySelectorAll("#book [data-line]")) {
      const at = element.dataset.line.lastIndexOf(":");
      const begin = Number(element.dataset.line.slice(at + 1));
      if (element.dataset.line.slice(0, at) === file && begin <= line && begin >= best) {
        found = element;
        best = begin;
      }
    }
    return found;
  }

  /** Another page that shows the file: a chapter's has its name, in every layout and language. */
  function page(file) {
    const name = file.split("/").pop().replace(/\.[^.]*$/, "");
    if (!name || file === "book/book.yaml") return null;
    return [...document.querySelectorAll("#contents a[href]")].find(({ href }) => stem(href) === name);
  }

  /** The name of a page: its file's, without the ending. */
  function stem(url) {
    return decoded(new URL(url).pathname.split("/").pop()).replace(/\.html$/, "");
  }

  /** The path of a URL in the book's folder; empty for what is elsewhere. */
  function path(url) {
    const { origin, pathname } = new URL(url, location.href);
    return origin === location.origin ? decoded(pathname.slice(1)).replace(/(^|\/)$/, "$1index.html") : "";
  }

  function decoded(text) {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  /** Show where a line of a source file stands in the book; resolves to whether it stands anywhere. */
  async function go(file, line) {
    let found = line ? block(file, line) : null;
    const other = found ? null : page(file);
    if (other && new URL(other.href).pathname !== location.pathname) {
      if (!window.Hakawati?.swap) {
        location.assign(other.href);
        return true;
      }
      try {
        await window.Hakawati.swap(other.href, { entry: "push" });
      } catch {
        return false;
      }
      found = line ? block(file, line) : null;
    }
    if (found) show(found);
    return Boolean(found || other);
  }

  function show(element) {
    let seen = element;
    /* A translation may be folded away: then what it is folded into. */
    while (seen.parentElement && !seen.getClientRects().length) seen = seen.parentElement;
    seen.scrollIntoView({ block: "center", behavior: "instant" });
    seen.classList.add("live-here");
    setTimeout(() => seen.classList.remove("live-here"), MARKED);
  }

  /** An element with these attributes and children; what is text stays text. */
  Live.make = (tag, attributes = {}, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value !== false) made.setAttribute(name, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };
  Object.assign(Live, { go, path, stem });
})();
