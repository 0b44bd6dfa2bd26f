/* Terms, notes and translations over the page, beside what they belong to. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const page = document.documentElement;
  /** Below this width of the window, in CSS pixels, they come up from its foot. */
  const NARROW = 640;
  const GAP = 8;

  let box = null;
  let inside = null;
  let opener = null;
  let within = false;

  function build() {
    const { make, button } = Hakawati;
    inside = make("div", { class: "inside" });
    const close = button("close", "close");
    const name = make("p", { id: "hk-popup-name" });
    box = make(
      "div",
      { id: "hk-popup", popover: "auto", role: "dialog", "aria-labelledby": "hk-popup-name", tabindex: -1 },
      make("div", { class: "top" }, name, close),
      inside,
    );
    document.body.append(box);
    close.addEventListener("click", () => box.hidePopover());
    box.addEventListener("beforetoggle", () => {
      within = box.contains(document.activeElement);
    });
    box.addEventListener("toggle", (event) => event.newState === "closed" && leave());
    box.addEventListener("focusout", ({ relatedTarget: to }) => {
      /* Who goes on past its end leaves it. */
      if (to && to !== opener && !box.contains(to) && isOpen()) box.hidePopover();
    });
    document.addEventListener("click", clicked);
    addEventListener("resize", () => isOpen() && place());
  }

  const isOpen = () => Boolean(box?.matches(":popover-open"));

  /* The focus goes back to where it came from, unless it has gone elsewhere already. */
  function leave() {
    opener?.removeAttribute("aria-expanded");
    if (!within || (document.activeElement !== document.body && !box.contains(document.activeElement))) return;
    const back = opener?.isConnected ? opener : document.getElementById("book");
    back.focus({ preventScroll: true });
  }

  function clicked(event) {
    const link = event.target.closest?.("a[href]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const found = link.closest("#book, #hk-popup") && shownBy(link);
    if (!found) return;
    event.preventDefault();
    open(link, found);
  }

  /* What a link opens: copies, since the page keeps its own; null where it leads elsewhere. */
  function shownBy(link) {
    const id = decodeURIComponent(link.hash.slice(1));
    if (link.matches("a.term")) {
      const entry = document.querySelector(`#terms [data-term="${CSS.escape(id)}"]`);
      return entry && { key: "term", content: term(entry, link) };
    }
    if (!link.matches('a[role="doc-noteref"][href^="#"]')) return null;
    const note = document.getElementById(id);
    const key = link.matches(".translate") ? "translation" : "note";
    return note && { key, content: [copied(note)] };
  }

  function term(entry, link) {
    const list = Hakawati.make("dl", {}, ...copied(entry).childNodes);
    const more = Hakawati.make("a", { href: link.href, "data-say": "in-glossary" });
    return [list, Hakawati.make("p", { class: "more" }, more)];
  }

  /* Without ids, which are the page's, and without ways back, since one closes it. */
  function copied(element) {
    const copy = element.cloneNode(true);
    for (const back of copy.querySelectorAll('a[role="doc-backlink"].back')) {
      const line = back.closest("p.small");
      (line ?? back).remove();
    }
    for (const found of [copy, ...copy.querySelectorAll("*")]) {
      for (const name of ["id", "hidden", "role"]) if (name !== "role" || found === copy) found.removeAttribute(name);
      found.classList.remove("reading", "lit");
    }
    return copy;
  }

  function open(link, { key, content }) {
    if (!box.contains(link)) opener = link;
    document.getElementById("hk-popup-name").dataset.say = key;
    inside.replaceChildren(...content);
    Hakawati.words.quotes(inside);
    Hakawati.words.speak(box);
    opener.setAttribute("aria-expanded", "true");
    if (!isOpen()) box.showPopover();
    place();
    box.scrollTop = 0;
    box.focus({ preventScroll: true });
  }

  /* Beside the link: under it where there is room, else over it; on a narrow window, where the styles say. */
  function place() {
    const { style } = box;
    for (const side of ["left", "top"]) style.removeProperty(side);
    box.classList.toggle("sheet", innerWidth < NARROW);
    if (innerWidth < NARROW || !opener?.isConnected) return;
    const at = opener.getClientRects()[0] ?? opener.getBoundingClientRect();
    const { top, height } = Hakawati.follow.view();
    const { width, height: high } = box.getBoundingClientRect();
    const middle = (at.left + at.right - width) / 2;
    const left = Math.max(GAP, Math.min(middle, page.clientWidth - width - GAP));
    const under = at.bottom + GAP + high <= top + height;
    const over = at.top - GAP - high;
    style.setProperty("left", `${left + scrollX}px`);
    style.setProperty("top", `${(under || over < top ? at.bottom + GAP : over) + scrollY}px`);
  }

  /** In a page that has just come: what pop-ups show is not also listed under the text. */
  function dress() {
    for (const link of document.querySelectorAll("#book a.translate[href^='#']")) {
      const note = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (note) note.hidden = true;
      link.setAttribute("aria-haspopup", "dialog");
    }
    for (const notes of document.querySelectorAll("#book .notes")) {
      notes.hidden = notes.children.length > 0 && [...notes.children].every((note) => note.hidden);
    }
    if (isOpen() && !opener?.isConnected) box.hidePopover();
  }

  Hakawati.popups = {
    build,
    dress,
    get open() {
      return isOpen();
    },
  };
})();
