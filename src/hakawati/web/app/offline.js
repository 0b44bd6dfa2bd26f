/* A book on the web stays readable without it: what keeps it is `sw.js`, beside the book.

   A preview sets `Hakawati.live` to do without: it shows what changes. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});

  addEventListener("load", () => {
    const secure = window.isSecureContext && location.protocol.startsWith("http");
    const { serviceWorker } = navigator;
    if (Hakawati.live || !secure || !serviceWorker) return;
    if (!document.querySelector('link[rel="manifest"]')) return;
    const worker = `${Hakawati.places.root()}sw.js`;
    if (serviceWorker.controller?.scriptURL !== worker) {
      serviceWorker.addEventListener("controllerchange", again, { once: true });
    }
    serviceWorker.register(worker).catch(() => {
      /* Not allowed here: then it is read from the web. */
    });
  });

  /* What the page had before its worker was there is asked for once more, and so kept. */
  function again() {
    const before = performance.getEntriesByType("resource").map(({ name }) => name);
    for (const url of new Set([location.href.split("#")[0], ...before])) {
      fetch(url).then(({ body }) => body?.cancel(), () => {});
    }
  }
})();
