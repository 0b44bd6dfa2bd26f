/* How one likes to read: the size of the text, day or night, the language of the buttons. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  let settings = null;
  const buttons = [];

  /* A button that shows whether its value is the one that is chosen. */
  function choice(name, value, words) {
    const button = Hakawati.make("button", { type: "button", "data-choice": `${name}-${value}`, ...words });
    button.addEventListener("click", () => Hakawati.memory.set(name, value));
    buttons.push(() => button.setAttribute("aria-pressed", Hakawati.memory.settings[name] === value));
    return button;
  }

  function group(name, ...children) {
    const { make } = Hakawati;
    const id = `hk-${name}-name`;
    const row = make("div", { class: "row", role: "group", "aria-labelledby": id }, ...children);
    return make("div", { class: "setting" }, make("p", { id, "data-say": name }), row);
  }

  function check(name, key) {
    const { make } = Hakawati;
    const box = make("input", { type: "checkbox", id: `hk-${key}` });
    box.addEventListener("change", () => Hakawati.memory.set(name, box.checked));
    buttons.push(() => {
      box.checked = Hakawati.memory.settings[name];
    });
    return make("label", { class: "check" }, box, make("span", { "data-say": key }));
  }

  function sizes() {
    const { make, memory } = Hakawati;
    const { SIZES } = memory;
    const shown = make("output", { id: "hk-size", dir: "ltr", "data-say-label": "size" });
    const at = () => Math.max(0, SIZES.indexOf(memory.settings.size));
    const button = (name, way) => {
      const made = make("button", { type: "button", id: `hk-${name}`, class: name, "data-say-label": name });
      made.addEventListener("click", () => memory.set("size", SIZES[at() + way] ?? memory.settings.size));
      buttons.push(() => made.setAttribute("aria-disabled", !SIZES[at() + way]));
      return made;
    };
    buttons.push(() => {
      shown.value = `${Math.round(memory.settings.size * 100)}%`;
    });
    return group("size", button("smaller", -1), shown, button("larger", 1));
  }

  function languages() {
    const { LANGUAGES, language } = Hakawati.words;
    const made = Object.entries(LANGUAGES).map(([lang, [name, dir]]) => {
      const button = choice("language", lang, { lang, dir });
      button.append(name);
      /* One is spoken even if none was chosen. */
      buttons.push(() => button.setAttribute("aria-pressed", language() === lang));
      return button;
    });
    return group("language", ...made);
  }

  function build() {
    const { make, memory } = Hakawati;
    const light = (value) => choice("light", value, { "data-say": value });
    const list = make("button", { type: "button", id: "hk-keys-list", "data-say": "keys-list" });
    list.addEventListener("click", () => Hakawati.help.open());
    settings = make(
      "div",
      { id: "hk-settings", "data-speaks": true },
      sizes(),
      group("light", ...memory.LIGHTS.map(light)),
      languages(),
      group("reading", check("follow", "follow"), check("keys", "keys-on"), list),
    );
    window.addEventListener("hakawati:settings", show);
    show();
  }

  function show() {
    for (const update of buttons) update();
  }

  /* Which of the ways to show the book is which, for the eye. */
  function named(list, key) {
    if (!list || list.previousElementSibling?.matches(".name")) return;
    list.before(Hakawati.make("p", { class: "name", "data-say": key, "aria-hidden": "true" }));
  }

  /** Put the settings into the bar of a page that has just come, which may have no panel of its own. */
  function dress() {
    const { make } = Hakawati;
    const views = document.getElementById("views");
    if (!views.querySelector("details")) {
      views.append(make("details", {}, make("summary", { "data-say": "view" })));
    }
    const details = views.querySelector("details");
    let panel = details.querySelector(".panel");
    if (!panel) {
      panel = make("div", { class: "panel" }, ...[...details.children].filter((e) => !e.matches("summary")));
      details.append(panel);
    }
    named(document.getElementById("layouts"), "layouts");
    named(document.getElementById("editions"), "editions");
    panel.append(settings);
  }

  /** Day for night, and night for day, whatever the device says. */
  function turn() {
    const { light } = Hakawati.memory.settings;
    const dark = light === "auto" ? matchMedia("(prefers-color-scheme: dark)").matches : light === "night";
    Hakawati.memory.set("light", dark ? "day" : "night");
  }

  Hakawati.views = { build, dress, turn };
})();
