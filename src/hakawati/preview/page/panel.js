/* The side panel: all problems and notices, each leads to its line; and the chapters' strips. */
(() => {
  "use strict";
  const Live = (window.HakawatiLive ??= {});
  const { make } = Live;
  const TYPED = "input, select, textarea, [contenteditable]:not([contenteditable='false'])";

  let panel = null;
  let chip = null;
  let lists = null;
  let told = null;
  /* What is listed, to leave alone what is looked at while nothing changes. */
  let listed = "";
  let entries = new Map();
  /* What has changed since the panel was looked at last; null where nobody knows. */
  let changed = null;

  /* An entry stays the same element from build to build, open or closed, with the focus or without. */
  function entry(kind) {
    const mark = make("span", { class: `live-mark live-${kind}` }, kind === "problem" ? "Problem" : "Notice");
    const [place, message] = [make("b", { class: "live-where" }), make("span")];
    const [body, nowhere] = [make("div"), make("p", { class: "live-none", role: "status" })];
    const details = make("details", {}, make("summary", {}, mark, " ", place, " ", message), body, nowhere);
    let problem = null;
    details.addEventListener("toggle", async () => {
      if (!details.open) return;
      const found = await Live.go(problem.path, problem.line);
      nowhere.textContent = found || !problem.line ? "" : "This line has no place of its own in the book.";
    });
    const fill = (told) => {
      problem = told;
      place.textContent = Live.where(told);
      message.textContent = told.message;
      body.replaceChildren(...Live.more(told));
    };
    return { item: make("li", {}, details), fill };
  }

  /* What tells one problem from another, wherever its line has moved to; the n-th of those that say the same. */
  function keyed(kind, problems) {
    const counts = new Map();
    return problems.map((problem) => {
      const said = JSON.stringify([kind, problem.path, problem.message]);
      counts.set(said, (counts.get(said) ?? 0) + 1);
      return [`${said} ${counts.get(said)}`, kind, problem];
    });
  }

  function turn({ changed: names }) {
    if (names && changed) names.forEach((name) => changed.add(name));
    else changed = null;
  }

  function fill() {
    if (panel.hidden || !told) return;
    list();
    const names = changed;
    changed = new Set();
    Live.strips.show(told.chapters, (name) => !names || names.has(name));
  }

  function list() {
    const now = JSON.stringify([told.problems, told.notices]);
    if (now === listed) return;
    listed = now;
    const every = [...keyed("problem", told.problems), ...keyed("notice", told.notices)];
    const before = entries;
    entries = new Map(every.map(([key, kind]) => [key, before.get(key) ?? entry(kind)]));
    for (const [key, , problem] of every) entries.get(key).fill(problem);
    const items = [...entries.values()].map(({ item }) => item);
    const rest = told.total.problems + told.total.notices - items.length;
    if (!items.length) items.push(make("li", { class: "live-none" }, "Nothing to complain of."));
    if (rest) items.push(make("li", { class: "live-none" }, `… and ${rest} more.`));
    for (const item of [...lists.children]) if (!items.includes(item)) item.remove();
    items.forEach((item, n) => lists.children[n] === item || lists.insertBefore(item, lists.children[n] ?? null));
  }

  function toggle(open = panel.hidden) {
    panel.hidden = !open;
    chip.setAttribute("aria-expanded", String(open));
    document.documentElement.classList.toggle("live-beside", open);
    if (open) {
      fill();
      panel.querySelector("h2").focus();
    } else if (panel.contains(document.activeElement) || document.activeElement === document.body) chip.focus();
  }

  /* Whether letters are keys: a reader can turn that off, since speech recognition presses them by mistake. */
  const letters = () => window.Hakawati?.memory?.settings?.keys !== false;

  function pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.(TYPED) || document.querySelector("dialog:modal")) return;
    if (event.key === "Escape" && !panel.hidden && panel.contains(event.target)) toggle(false);
    else if (event.code === "KeyP" && !event.shiftKey && letters()) toggle();
    else return;
    event.preventDefault();
  }

  /** Make the panel, and have a button open it. */
  function build(button) {
    chip = button;
    chip.setAttribute("aria-controls", "live-panel");
    chip.setAttribute("aria-expanded", "false");
    chip.addEventListener("click", () => toggle());
    const close = make("button", { type: "button", class: "live-close", "aria-label": "Close" }, "✕");
    close.addEventListener("click", () => toggle(false));
    lists = make("ul", { class: "live-list" });
    panel = make(
      "aside",
      { id: "live-panel", class: "live", lang: "en", dir: "ltr", hidden: true, "aria-labelledby": "live-panel-name" },
      make("div", { class: "live-top" }, make("h2", { id: "live-panel-name", tabindex: -1 }, "Problems and notices"), close),
      lists,
      make("h2", {}, "Narration"),
      Live.strips.build(),
    );
    document.body.append(panel);
    document.addEventListener("keydown", pressed);
    addEventListener("hakawati:page", () => setTimeout(fill));
  }

  Live.panel = {
    build,
    show: (message) => {
      told = message;
      turn(message);
      fill();
    },
    turn,
  };
})();
