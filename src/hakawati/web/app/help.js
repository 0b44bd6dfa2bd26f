/* The list of the keys. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  let dialog = null;

  /* In the direction of the text: what leads on is on the side where it goes on. */
  const rows = () => {
    const [on, back] = document.documentElement.dir === "rtl" ? ["←", "→"] : ["→", "←"];
    return [
      [["space", "K"], ["play", "pause"]],
      [[on], ["forward"]],
      [[back], ["back"]],
      [["⇧ " + on], ["word-forward"]],
      [["⇧ " + back], ["word-back"]],
      [["[", "−"], ["slower"]],
      [["]", "+"], ["faster"]],
      [["R"], ["loop"]],
      [["N"], ["day", "night"]],
      [["?"], ["help"]],
    ];
  };

  function row([keys, words]) {
    const { make } = Hakawati;
    const { say } = Hakawati.words;
    const caps = keys.map((key) => make("kbd", { dir: "ltr" }, say(key) ?? key));
    return make("div", {}, make("dt", {}, ...caps), make("dd", {}, words.map((word) => say(word)).join(" / ")));
  }

  function build() {
    const { make, button } = Hakawati;
    const close = button("close", "close");
    close.id = "hk-help-close";
    close.addEventListener("click", () => dialog.close());
    dialog = make(
      "dialog",
      { id: "hk-help", "aria-labelledby": "hk-help-name", "data-speaks": true },
      make("div", { class: "top" }, make("h2", { id: "hk-help-name", "data-say": "keys" }), close),
      make("dl", {}),
      make("p", { "data-say": "click-word" }),
    );
    /* Beside it, it closes. */
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    document.body.append(dialog);
  }

  function open() {
    dialog.querySelector("dl").replaceChildren(...rows().map(row));
    Hakawati.words.speak();
    dialog.showModal();
  }

  Hakawati.help = { build, open };
})();
