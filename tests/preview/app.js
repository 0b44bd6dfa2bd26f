/* In place of the reader's program: what the preview asks of it, and no more. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  Hakawati.swaps = [];
  Hakawati.sought = [];
  Hakawati.swap = async (url, options) => {
    const answer = await fetch(url, { cache: "no-cache" });
    if (!answer.ok) throw new Error(String(answer.status));
    const found = new DOMParser().parseFromString(await answer.text(), "text/html");
    document.getElementById("book").replaceWith(document.adoptNode(found.getElementById("book")));
    document.documentElement.dataset.chapter = found.documentElement.dataset.chapter;
    if (options.entry === "push") history.pushState(null, "", url);
    Hakawati.swaps.push(options);
    window.dispatchEvent(new CustomEvent("hakawati:page", { detail: { keep: Boolean(options.keep) } }));
  };
  Hakawati.place = () => ({ sentence: "b1", word: 1, time: 500, playing: false });
  Hakawati.seek = (to, options) => Hakawati.sought.push([to, options]);
})();
