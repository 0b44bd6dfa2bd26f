/* The reader of a book in a browser. Without this program its pages are plain pages with a player.

   `window.Hakawati` is all that it shows to others: `seek`, `place`, `swap`. Its files may be loaded in any
   order; they find each other when the document is there. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});

  /** Make a page that has just come, by the browser or by `swap`, into what the program works with. */
  Hakawati.dress = () => {
    Hakawati.cues.read();
    Hakawati.views.dress();
    Hakawati.bar.dress();
    Hakawati.popups.dress();
    index();
    Hakawati.words.speak();
  };

  /* On a book's first page: the way back to where one was, before the way to its beginning. */
  function index() {
    document.getElementById("hk-continue")?.remove();
    const last = Hakawati.memory.place;
    if (!last?.path || document.documentElement.dataset.chapter) return;
    const { make, words } = Hakawati;
    const title = make("bdi", {}, last.title);
    words.quotes(title);
    const link = make("a", { href: Hakawati.places.root() + last.path }, make("span", { "data-say": "continue" }));
    link.append(title);
    document.querySelector("#hk-controls .track").prepend(make("span", { id: "hk-continue", class: "chapter" }, link));
  }

  function start() {
    Hakawati.player.adopt();
    Hakawati.views.build();
    Hakawati.follow.build();
    Hakawati.controls.build();
    Hakawati.popups.build();
    Hakawati.help.build();
    Hakawati.dress();
    for (const part of ["bar", "touch", "keys", "places"]) Hakawati[part].watch();
    Hakawati.pages.watch();
    Hakawati.session.open();
    window.addEventListener("hakawati:ended", () => Hakawati.loop.again() || Hakawati.pages.onward());
    Hakawati.tell("page", { keep: false });
    Hakawati.places.recall();
    if (Hakawati.memory.goesOn()) Hakawati.player.play();
  }

  /* Deferred scripts run before this event, all of them. */
  if (document.readyState !== "complete") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
