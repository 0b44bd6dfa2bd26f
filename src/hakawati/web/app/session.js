/* What the system shows and its keys do: headphones, lock screens, media keys (W3C Media Session). */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const session = navigator.mediaSession;

  function told() {
    const [title, album] = document.title.split(" · ");
    const icon = document.querySelector('link[rel="icon"]')?.href ?? "";
    const artwork = icon.startsWith("http") ? [{ src: icon }] : [];
    session.metadata = new MediaMetadata({ title, album: album ?? title, artwork });
  }

  function where() {
    const duration = Hakawati.cues.duration / 1000;
    if (!duration || !Hakawati.player.has()) return;
    const position = Math.min(Hakawati.player.time() / 1000, duration);
    session.setPositionState({ duration, position, playbackRate: Hakawati.player.rate() });
  }

  /** Answer the system. */
  function open() {
    if (!session) return;
    const { player } = Hakawati;
    const answers = {
      play: () => player.play(),
      pause: () => player.pause(),
      previoustrack: () => player.step(-1),
      nexttrack: () => player.step(1),
      seekbackward: () => player.step(-1),
      seekforward: () => player.step(1),
      seekto: ({ seekTime }) => Hakawati.seek(seekTime * 1000),
    };
    for (const [action, answer] of Object.entries(answers)) {
      try {
        session.setActionHandler(action, answer);
      } catch {
        /* A browser need not know every action. */
      }
    }
    window.addEventListener("hakawati:play", told);
    for (const name of ["playing", "pause", "seeked", "ratechange"]) {
      window.addEventListener(`hakawati:${name}`, where);
    }
  }

  Hakawati.session = { open };
})();
