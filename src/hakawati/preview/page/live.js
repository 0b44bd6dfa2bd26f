/* The preview in a page of the book: it follows every build, and says how that goes. */
(() => {
  "use strict";
  const Live = (window.HakawatiLive ??= {});
  const { make, count, path } = Live;
  const page = document.documentElement;
  /** Milliseconds in which a page that was asked for before a build may still arrive. */
  const CROSSING = 5000;

  let chip = null;
  let said = null;
  /* What has changed and is not shown yet; `all` where nobody knows. */
  let [changed, all, busy] = [new Set(), false, false];
  let last = { at: -CROSSING, changed: new Set() };

  /* Chip: what is going on, in few words. */
  function build() {
    said = make("p", { id: "live-said", class: "live-unseen", role: "status", lang: "en" });
    chip = make("button", { type: "button", id: "live-chip", class: "live", lang: "en", dir: "ltr" });
    document.body.append(said, chip);
    Live.panel.build(chip);
    foot();
    addEventListener("resize", foot);
    addEventListener("hakawati:page", foot);
  }

  /* Above the player, where that stays at the foot of the window. */
  function foot() {
    const player = document.getElementById("player");
    const stays = player && ["fixed", "sticky"].includes(getComputedStyle(player).position);
    page.style.setProperty("--live-foot", `${stays ? player.offsetHeight : 0}px`);
  }

  function say(state, text, aloud = true) {
    chip.dataset.state = state;
    if (chip.textContent !== text) chip.textContent = text;
    if (aloud && said.textContent !== text) said.textContent = text;
  }

  function working({ stage, done, total }) {
    say("building", total ? `${stage} ${done} of ${total}` : `${stage} …`, false);
    const bar = document.getElementById("live-progress");
    if (!bar) return;
    bar.hidden = false;
    document.querySelector("h1").textContent = "The book is being built";
    document.getElementById("live-stage").textContent = chip.textContent;
    if (total) [bar.max, bar.value] = [total, done];
    else bar.removeAttribute("value");
  }

  function result(message) {
    const { state, problems, total } = message;
    Live.problems.show(problems);
    Live.panel.show(message);
    if (state === "problems") say(state, count(total.problems, "problem"));
    else say(state, total.notices ? `Ready, ${count(total.notices, "notice")}` : "Ready");
  }

  function pages({ state, changed: names }) {
    if (names === null) all = true;
    else names.forEach((name) => changed.add(name));
    last = { at: performance.now(), changed: new Set(changed), all };
    if (page.dataset.live === "waiting") wait(state);
    else renew();
  }

  /* There is no book yet. */
  function wait(state) {
    if (state !== "problems") location.reload();
    document.querySelector("h1").textContent = "The book cannot be built yet";
    document.getElementById("live-progress").hidden = true;
  }

  async function renew() {
    if (busy) return;
    busy = true;
    while (changed.size || all) {
      const now = all ? null : changed;
      [changed, all] = [new Set(), false];
      try {
        await show((name) => Boolean(name) && (now === null || now.has(name)), now === null);
      } catch (error) {
        if (error.name === "AbortError") continue;
        await gone();
        break;
      }
    }
    busy = false;
  }

  /* Put what is other now in its place. `is`: whether a path's content is another one. */
  async function show(is, unknown) {
    const own = path(location.href);
    if (page.dataset.live) {
      if (is(own)) location.reload();
      return;
    }
    const programs = [...document.scripts].filter(({ src }) => src && !path(src).startsWith("live/"));
    if (!unknown && programs.some(({ src }) => is(path(src)))) {
      location.reload();
      return;
    }
    for (const link of document.querySelectorAll('link[rel="stylesheet"]')) {
      if (is(path(link.href)) && !path(link.href).startsWith("live/")) restyle(link);
    }
    const sound = document.querySelector("#player audio")?.getAttribute("src");
    if (is(own) || (sound && is(path(sound)))) {
      if (!window.Hakawati?.swap) location.reload();
      else await window.Hakawati.swap(location.href, { keep: true });
    }
    for (const image of document.images) if (is(path(image.src))) image.src = fresh(image.src);
  }

  function fresh(url) {
    const made = new URL(url);
    made.searchParams.set("live", Date.now());
    return made.href;
  }

  /* The old style goes when the new one is there: no moment without. */
  function restyle(link) {
    const made = link.cloneNode();
    made.href = fresh(link.href);
    made.onload = made.onerror = () => link.remove();
    link.after(made);
  }

  /* The page could not be had: the chapter is no more, which the server says best; or the server is away, and
     when it is back, everything is asked for again. */
  async function gone() {
    const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
    if (answer?.status === 404) location.reload();
    else all = true;
  }

  /* A page that the reader had asked for just before the build was done may be the old one. */
  function crossed(event) {
    const recent = performance.now() - last.at < CROSSING;
    if (event.detail?.keep || !recent || !(last.all || last.changed.has(path(location.href)))) return;
    changed.add(path(location.href));
    renew();
  }

  function hear(message) {
    if (message.state === "building") working(message);
    else if (message.state === "lost") say("lost", "Connection lost");
    else {
      if (message.state === "pages") Live.panel.turn(message);
      else result(message);
      pages(message);
    }
  }

  build();
  addEventListener("hakawati:page", crossed);
  Live.hear(hear);
  Live.connect();
})();
