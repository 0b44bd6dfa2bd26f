/* The way to the preview's server: a socket that comes back by itself, however long the computer slept.

   `HakawatiLive.hear(listener)` hears every message; `{state: "lost"}` when the connection is gone. */
(() => {
  "use strict";
  const Live = (window.HakawatiLive ??= {});
  const given = document.getElementById("live");
  /** Milliseconds to wait before the second try to connect, and at most. */
  const FIRST = 250;
  const LONGEST = 5000;
  /** Milliseconds in which a server that is asked answers, or a socket opens. */
  const DEAF = 3000;
  const TICK = 5000;

  const listeners = [];
  let socket = null;
  let tries = 0;
  let retry = 0;
  let deaf = 0;
  let last = Date.now();
  /* The version of the book that this page shows, and the server that counts it. */
  let { version, run } = { version: given?.content ?? "", run: given?.dataset.run ?? "" };

  function tell(message) {
    for (const listener of listeners) listener(message);
  }

  function address() {
    const url = new URL("/live/socket", location.href);
    url.protocol = url.protocol.replace("http", "ws");
    url.search = new URLSearchParams({ version, run });
    return url;
  }

  function connect() {
    clearTimeout(retry);
    retry = 0;
    drop();
    const mine = new WebSocket(address());
    socket = mine;
    mine.onopen = () => {
      tries = 0;
      clearTimeout(deaf);
    };
    mine.onmessage = ({ data }) => {
      clearTimeout(deaf);
      hear(JSON.parse(data));
    };
    mine.onclose = lost;
    expect();
  }

  /* Should nothing come in time, the connection is dead, whatever the browser believes. */
  function expect() {
    clearTimeout(deaf);
    deaf = setTimeout(lost, DEAF);
  }

  function drop() {
    clearTimeout(deaf);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    socket.close();
    socket = null;
  }

  function lost() {
    drop();
    if (!tries) tell({ state: "lost" });
    /* Not all pages at the same moment. */
    const wait = Math.min(LONGEST, FIRST * 2 ** tries) * (0.5 + Math.random() / 2);
    tries += 1;
    clearTimeout(retry);
    retry = setTimeout(connect, wait);
  }

  function hear(message) {
    if (typeof message.version === "number") ({ version, run } = message);
    if (message.state !== "here") tell(message);
  }

  /** Connect now where the connection is lost; where it seems to be there, make sure. */
  function check() {
    if (retry) connect();
    else if (socket?.readyState === WebSocket.OPEN) {
      socket.send("?");
      expect();
    }
  }

  function tick() {
    const now = Date.now();
    if (now - last > 3 * TICK) check();
    last = now;
  }

  Live.hear = (listener) => listeners.push(listener);
  Live.connect = () => {
    for (const type of ["online", "focus", "pageshow"]) addEventListener(type, check);
    document.addEventListener("visibilitychange", () => document.hidden || check());
    setInterval(tick, TICK);
    connect();
  };

  /* A preview shows what changes: the reader keeps nothing to be read offline. */
  (window.Hakawati ??= {}).live = true;
})();
