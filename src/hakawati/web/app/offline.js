/* A book on the web stays readable without it: what keeps it is `sw.js`, beside the book.

   A preview sets `Hakawati.live` to do without: it shows what changes. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});

  addEventListener("load", () => {
    const secure = window.isSecureContext && location.protocol.startsWith("http");
    if (Hakawati.live || !secure || !navigator.serviceWorker) return;
    if (!document.querySelector('link[rel="manifest"]')) return;
    navigator.serviceWorker.register(`${Hakawati.places.root()}sw.js`).catch(() => {
      /* Not allowed here: then it is read from the web. */
    });
  });
})();
