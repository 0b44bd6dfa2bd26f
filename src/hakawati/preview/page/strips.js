/* A strip for each chapter: its wave, its sentences, its speed of speech. A click plays from there.

   The build leaves them as `strips/NAME.svg` beside the edition's first page. The whole width of a drawing is the
   length of the sound. */
(() => {
  "use strict";
  const Live = (window.HakawatiLive ??= {});
  const { make } = Live;
  /** Milliseconds that a key moves. */
  const STEP = 5000;
  const FAR = 30_000;

  let list = null;
  /* By chapter's name. `duration` and `at`: milliseconds. */
  let rows = new Map();
  let frame = 0;
  const page = document.documentElement.dataset;
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) draw(rows.get(target.dataset.name));
    }
  });

  function clock(milliseconds) {
    const whole = Math.round(milliseconds / 1000);
    const [hours, minutes, seconds] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
    const two = (n) => String(n).padStart(2, "0");
    return hours ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
  }

  /** Where a chapter's drawing is. */
  function source(name) {
    return new URL(`strips/${encodeURIComponent(name)}.svg`, new URL(page.home || "index.html", location.href));
  }

  /** The chapters of this edition that are read aloud: `{name, title, href, duration}`, in the book's order. */
  function chapters(told) {
    const own = told.filter(({ edition, duration }) => edition === (page.edition ?? "") && duration);
    const links = [...document.querySelectorAll("#contents a[href]")];
    const named = new Map(links.map((link) => [Live.stem(link.href), link]));
    return own.filter(({ name }) => named.has(name)).map(({ name, duration }) => {
      const link = named.get(name);
      return { name, title: link.textContent.trim(), href: link.href, duration: Math.round(duration * 1000) };
    });
  }

  async function draw(row) {
    if (!row?.stale) return;
    row.stale = false;
    const made = await Live.drawing(source(row.name)).catch(() => null);
    row.holder.replaceChildren();
    row.slider.hidden = !made;
    row.none.hidden = Boolean(made);
    row.none.textContent = "There is no strip of it.";
    if (!made) return;
    /* It is one slider: what the drawing says is its name, and nothing in it has the focus. */
    row.slider.setAttribute("aria-label", made.getAttribute("aria-label") ?? row.title);
    made.setAttribute("aria-hidden", "true");
    for (const part of made.querySelectorAll("[tabindex]")) part.removeAttribute("tabindex");
    row.holder.append(made);
  }

  async function seek(row, to) {
    const { Hakawati } = window;
    if (!Hakawati?.seek || !Hakawati.swap) return;
    const time = Math.max(0, Math.min(to, row.duration - 1));
    try {
      if (page.chapter !== row.name) await Hakawati.swap(row.href, { entry: "push", play: false });
    } catch {
      return; /* The page is gone, or the reader wants another one already. */
    }
    Hakawati.seek(time, { play: true });
    follow();
  }

  function moved(event, row) {
    const to = {
      ArrowRight: row.at + STEP,
      ArrowUp: row.at + STEP,
      ArrowLeft: row.at - STEP,
      ArrowDown: row.at - STEP,
      PageUp: row.at + FAR,
      PageDown: row.at - FAR,
      Home: 0,
      End: row.duration,
      Enter: row.at,
    }[event.key];
    if (to === undefined || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    seek(row, to);
  }

  function made(chapter) {
    const row = { ...chapter, at: 0, stale: true };
    row.holder = make("div", { class: "live-drawing" });
    row.head = make("div", { class: "live-head" });
    const values = { "aria-label": chapter.title, "aria-valuemin": 0 };
    const role = { class: "live-strip", role: "slider", tabindex: 0, hidden: true };
    row.slider = make("div", { ...role, ...values }, row.holder, row.head);
    row.none = make("p", { class: "live-none" }, "…");
    row.time = make("span");
    row.slider.addEventListener("click", (event) => {
      const box = row.slider.getBoundingClientRect();
      seek(row, Math.round(((event.clientX - box.left) / box.width) * row.duration));
    });
    row.slider.addEventListener("keydown", (event) => moved(event, row));
    const caption = make("p", { class: "live-caption" }, make("bdi", {}, chapter.title), " ", row.time);
    row.item = make("li", { "data-name": chapter.name }, caption, row.slider, row.none);
    return row;
  }

  /** Show the chapters' strips. `told`: the chapters as the server tells of them; `is`: what has changed. */
  function show(told, is) {
    const now = chapters(told);
    const key = ({ name, title, href }) => JSON.stringify([name, title, href]);
    if (now.map(key).join() !== [...rows.values()].map(key).join()) {
      seen.disconnect();
      rows = new Map(now.map((chapter) => [chapter.name, made(chapter)]));
      list.replaceChildren(...[...rows.values()].map(({ item }) => item));
    }
    for (const { name, duration } of now) {
      const row = rows.get(name);
      row.duration = duration;
      row.time.textContent = clock(duration);
      row.stale ||= is(Live.path(source(name).href));
      seen.unobserve(row.item);
      seen.observe(row.item);
    }
    follow();
  }

  /* Where the sound is, for as long as somebody looks. */
  function follow() {
    cancelAnimationFrame(frame);
    const now = window.Hakawati?.place?.();
    for (const row of rows.values()) {
      const here = Boolean(now) && row.name === page.chapter;
      row.at = here ? now.time : 0;
      row.head.hidden = !here;
      row.head.style.left = `${(100 * row.at) / Math.max(1, row.duration)}%`;
      row.slider.setAttribute("aria-valuemax", row.duration);
      row.slider.setAttribute("aria-valuenow", row.at);
      row.slider.setAttribute("aria-valuetext", clock(row.at));
    }
    if (now?.playing && list.getClientRects().length) frame = requestAnimationFrame(follow);
  }

  Live.strips = {
    build: () => {
      list = make("ul", { class: "live-strips" });
      for (const type of ["play", "seek", "seeked", "pause", "page"]) addEventListener(`hakawati:${type}`, follow);
      return list;
    },
    show,
  };
})();
