/* The bar at the bottom: what one plays with. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const page = document.documentElement;
  const parts = {};
  let dragging = false;
  let shown = { second: -1, whole: -1 };

  /** A length for people: `1:05`, `1:02:03`. */
  function clock(ms) {
    const whole = Math.round(ms / 1000);
    const two = (n) => String(n).padStart(2, "0");
    const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
  }

  function build() {
    const { make, button } = Hakawati;
    parts.footer = document.getElementById("player");
    parts.before = make("span", { class: "chapter" });
    parts.after = make("span", { class: "chapter" });
    parts.now = make("span", { class: "time", dir: "ltr", "aria-hidden": "true" });
    parts.whole = make("span", { class: "time", dir: "ltr", "aria-hidden": "true" });
    parts.position = make("input", { type: "range", id: "hk-position", min: 0, step: 1, value: 0 });
    parts.position.dataset.sayLabel = "position";
    parts.play = button("play", "play", { class: "round play" });
    parts.loop = button("loop", "loop", { "aria-pressed": "false" });
    parts.rate = make("output", { id: "hk-rate", dir: "ltr", "data-say-label": "rate" });
    parts.back = button("back", "back");
    parts.forward = button("forward", "forward");
    parts.slower = button("slower", "slower");
    parts.faster = button("faster", "faster");
    parts.panel = make(
      "div",
      { id: "hk-controls", role: "group", "data-say-label": "narration" },
      make("div", { class: "track" }, parts.before, parts.now, parts.position, parts.whole, parts.after),
      parts.loop,
      make("div", { class: "transport" }, parts.back, parts.play, parts.forward),
      make("div", { class: "rate" }, parts.slower, parts.rate, parts.faster),
    );
    parts.trouble = make("p", { id: "hk-trouble", role: "status" });
    parts.footer.append(parts.trouble, parts.panel);
    wire();
    adopt(document);
  }

  function wire() {
    const { player } = Hakawati;
    parts.play.addEventListener("click", () => player.toggle());
    parts.back.addEventListener("click", () => player.step(-1));
    parts.forward.addEventListener("click", () => player.step(1));
    parts.slower.addEventListener("click", () => player.changeRate(-1));
    parts.faster.addEventListener("click", () => player.changeRate(1));
    parts.loop.addEventListener("click", () => Hakawati.loop.toggle());
    parts.position.addEventListener("input", () => Hakawati.seek(parts.position.value * 1000));
    parts.position.addEventListener("pointerdown", () => {
      dragging = true;
    });
    /* So that the keys play again, and do not move the slider, once the mouse has let it go. */
    addEventListener("pointerup", () => {
      if (dragging) parts.position.blur();
      dragging = false;
    });
    for (const name of ["play", "pause", "ended", "ratechange", "loop", "settings"]) {
      window.addEventListener(`hakawati:${name}`, state);
    }
    window.addEventListener("hakawati:trouble", ({ detail }) => {
      parts.trouble.textContent = Hakawati.words.say(detail);
    });
    window.addEventListener("hakawati:playing", () => {
      parts.trouble.textContent = "";
    });
  }

  /** Take over the links to the chapters before and after, and the sound of another page. */
  function adopt(found) {
    for (const old of parts.footer.querySelectorAll("a[rel]")) if (found !== document) old.remove();
    for (const [rel, place, icon] of [["prev", parts.before, "previous"], ["next", parts.after, "next"]]) {
      const link = found.querySelector(`#player a[rel="${rel}"]`);
      place.replaceChildren(...(link ? [dressed(document.adoptNode(link), icon)] : []));
    }
    const { audio } = Hakawati.player;
    if (audio && !audio.isConnected) parts.footer.prepend(audio);
    parts.footer.classList.toggle("silent", !Hakawati.player.has());
    parts.footer.hidden = !Hakawati.player.has() && !parts.footer.querySelector("a[rel]");
    parts.footer.dir = page.dir;
    shown = { second: -1, whole: -1 };
    state();
  }

  /* The words of a link beside its picture: seen where there is room for them. */
  function dressed(link, icon) {
    const key = link.dataset.say;
    const words = Hakawati.make("span", { class: "said" }, link.textContent);
    if (key) words.dataset.say = key;
    delete link.dataset.say;
    link.removeAttribute("dir");
    link.replaceChildren(Hakawati.icon(icon), words);
    return link;
  }

  /** Show whether it plays, and how. */
  function state() {
    if (!parts.panel) return;
    const playing = Hakawati.player.playing();
    const name = playing ? "pause" : "play";
    if (parts.play.dataset.sayLabel !== name || !parts.play.title) {
      parts.play.dataset.sayLabel = name;
      parts.play.replaceChildren(Hakawati.icon(name));
    }
    Hakawati.words.speak(parts.footer);
    const rate = Hakawati.player.rate();
    const { RATES } = Hakawati.player;
    if (parts.rate.value !== `${rate}×`) parts.rate.value = `${rate}×`;
    parts.slower.setAttribute("aria-disabled", rate === RATES[0]);
    parts.faster.setAttribute("aria-disabled", rate === RATES.at(-1));
    parts.loop.setAttribute("aria-pressed", Hakawati.loop.on);
  }

  /** Show the time. */
  function at(ms) {
    const whole = Math.ceil(Hakawati.cues.duration / 1000);
    const second = Math.floor(ms / 1000);
    if (second === shown.second && whole === shown.whole) return;
    shown = { second, whole };
    parts.position.max = whole;
    if (!dragging) parts.position.value = second;
    parts.position.style.setProperty("--done", whole ? Math.min(1, second / whole) : 0);
    parts.now.textContent = clock(second * 1000);
    parts.whole.textContent = clock(Hakawati.cues.duration);
    const told = Hakawati.words.say("of", parts.now.textContent, parts.whole.textContent);
    parts.position.setAttribute("aria-valuetext", told);
  }

  Hakawati.controls = { build, adopt, at };
})();
