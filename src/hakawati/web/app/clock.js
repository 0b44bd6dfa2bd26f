/* What has to happen at its time: every frame of the screen while there is sound, and at once when it moves. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  let frame = 0;

  function show() {
    if (Hakawati.loop.at(Hakawati.player.time())) return;
    const now = Hakawati.player.time();
    Hakawati.light.at(Hakawati.player.begun ? now : -1);
    Hakawati.controls.at(now);
  }

  function tick() {
    frame = Hakawati.player.playing() ? requestAnimationFrame(tick) : 0;
    show();
  }

  function start() {
    if (!frame) tick();
  }

  Hakawati.clock = { show };
  for (const type of ["play", "playing"]) window.addEventListener(`hakawati:${type}`, start);
  for (const type of ["seek", "seeked", "pause", "ended", "loadedmetadata", "page"]) {
    window.addEventListener(`hakawati:${type}`, show);
  }
  /* A tab that is hidden has no frames: its sound tells every 250 ms where it is, which is enough to repeat a
     sentence and to remember the place. */
  window.addEventListener("hakawati:timeupdate", () => document.hidden && show());
})();
