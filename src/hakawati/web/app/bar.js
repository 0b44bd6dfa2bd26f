/* The bar at the top: its two panels, contents and view, open one at a time and close like menus do. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const panels = () => document.querySelectorAll("#bar details");

  function close(panel, { focus = false } = {}) {
    if (!panel.open) return;
    panel.open = false;
    if (focus) panel.querySelector("summary").focus();
  }

  /* A picture beside a panel's name, which small windows show alone. */
  function picture(panel, icon) {
    const summary = panel?.querySelector("summary");
    if (!summary || summary.querySelector("svg")) return;
    const key = summary.dataset.say;
    const words = Hakawati.make("span", { class: "said", "data-say": key }, summary.textContent);
    delete summary.dataset.say;
    summary.replaceChildren(Hakawati.icon(icon), words);
  }

  function opened(panel) {
    for (const other of panels()) if (other !== panel) close(other);
    const list = panel.querySelector("ol");
    const current = list?.querySelector('[aria-current="page"]');
    if (current) list.scrollTop = current.offsetTop - list.clientHeight / 3;
  }

  /** Make the bar of a page that has just come what the reader is used to. */
  function dress() {
    picture(document.querySelector("#contents details"), "contents");
    picture(document.querySelector("#views details"), "view");
    for (const panel of panels()) panel.addEventListener("toggle", () => panel.open && opened(panel));
  }

  function watch() {
    document.addEventListener("pointerdown", ({ target }) => {
      for (const panel of panels()) if (!panel.contains(target)) close(panel);
    });
    document.addEventListener("focusin", ({ target }) => {
      for (const panel of panels()) if (!panel.contains(target)) close(panel);
    });
    document.addEventListener("keydown", (event) => {
      const panel = event.key === "Escape" && document.querySelector("#bar details[open]");
      if (panel) close(panel, { focus: panel.contains(document.activeElement) });
    });
  }

  Hakawati.bar = { dress, watch };
})();
