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
  /* What has changed since the panel was looked at last; null where nobody knows. */
  let changed = null;

  function entry(problem, kind) {
    const mark = make("span", { class: `live-mark live-${kind}` }, kind === "problem" ? "Problem" : "Notice");
    const place = make("b", { class: "live-where" }, Live.where(problem));
    const nowhere = make("p", { class: "live-none", role: "status" });
    const details = make("details", {}, make("summary", {}, mark, " ", place, " ", problem.message));
    details.append(...Live.more(problem), nowhere);
    details.addEventListener("toggle", async () => {
      if (!details.open) return;
      const found = await Live.go(problem.path, problem.line);
      nowhere.textContent = found || !problem.line ? "" : "This line has no place of its own in the book.";
    });
    return make("li", {}, details);
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
    const entries = [
      ...told.problems.map((problem) => entry(problem, "problem")),
      ...told.notices.map((problem) => entry(problem, "notice")),
    ];
    const rest = told.total.problems + told.total.notices - entries.length;
    if (!entries.length) entries.push(make("li", { class: "live-none" }, "Nothing to complain of."));
    if (rest) entries.push(make("li", { class: "live-none" }, `… and ${rest} more.`));
    lists.replaceChildren(...entries);
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

  function pressed(event) {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.target.closest?.(TYPED) || document.querySelector("dialog:modal")) return;
    if (event.key === "Escape" && !panel.hidden && panel.contains(event.target)) toggle(false);
    else if (event.code === "KeyP" && !event.shiftKey) toggle();
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
      if (message.changed && changed) message.changed.forEach((name) => changed.add(name));
      else changed = null;
      fill();
    },
  };
})();
