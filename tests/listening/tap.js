/* What an <audio> element plays, caught before the loudspeaker: every sample, and the element's clock beside it.

   The context has the rate of the MP3s, so nothing is resampled, and what is caught can be found in the decoded
   file to the sample. */
"use strict";

const RATE = 24000;
const TAP = `registerProcessor("tap", class extends AudioWorkletProcessor {
  process([[channel]]) {
    if (channel) this.port.postMessage([currentFrame, channel.slice()]);
    return true;
  }
})`;
const audio = document.querySelector("audio");
const once = (type) => new Promise((done) => audio.addEventListener(type, done, { once: true }));
const wait = (ms) => new Promise((done) => setTimeout(done, ms));
let context;
let blocks = [];

/** Load a file; tells how long the element takes it to be, in seconds. */
async function load(source) {
  audio.src = source;
  await once("canplay");
  if (!context) {
    context = new AudioContext({ sampleRate: RATE });
    const url = URL.createObjectURL(new Blob([TAP], { type: "text/javascript" }));
    await context.audioWorklet.addModule(url);
    const tap = new AudioWorkletNode(context, "tap");
    tap.port.onmessage = ({ data }) => blocks.push(data);
    context.createMediaElementSource(audio).connect(tap).connect(context.destination);
  }
  await context.resume();
  return audio.duration;
}

/** Seek to a second, and play from there for so many milliseconds.

    The samples; and pairs of what sample was being played, counted from the first of them, and what time the
    element said it was. */
async function hear(second, ms) {
  audio.pause();
  await wait(60);
  const sought = once("seeked");
  audio.currentTime = second;
  await sought;
  blocks = [];
  await audio.play();
  const clock = [];
  for (const end = performance.now() + ms; performance.now() < end; await wait(5)) {
    clock.push([context.currentTime * RATE, audio.currentTime]);
  }
  audio.pause();
  await wait(60);
  const [[first]] = blocks;
  return {
    whole: blocks.every(([frame], n) => frame === first + 128 * n),
    samples: blocks.flatMap(([, block]) => [...block]),
    clock: clock.map(([frame, time]) => [frame - first, time]),
  };
}
