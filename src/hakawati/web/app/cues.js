/* When each sentence and each word of the page is heard. Times are whole milliseconds, words count from 0. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const WORD = /^(.+)-w(\d+)$/;

  let duration = 0;
  let list = [];
  let numbers = new Map();

  /** Take over what the page has in `#cues`; without it nothing is heard. */
  function read() {
    const given = document.getElementById("cues");
    const told = given ? JSON.parse(given.textContent) : { duration: 0, sentences: [] };
    duration = told.duration;
    list = told.sentences.map(([id, lang, begin, end, words, pair]) => ({ id, lang, begin, end, words, pair }));
    numbers = new Map(list.map((sentence, n) => [sentence.id, n]).reverse());
  }

  /* The last of the sorted times that is not after `ms`; -1 where all are. */
  function last(count, time, ms) {
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (time(middle) <= ms) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }

  /** The number of the sentence heard at `ms`; -1 before the first, and in a page without sound. */
  const at = (ms) => last(list.length, (n) => list[n].begin, ms);

  /** Which word of sentence `n` is heard at `ms`: that whose onset was last. */
  const wordAt = (n, ms) => Math.max(0, last(list[n].words.length, (w) => list[n].words[w], ms));

  /** When word `w` of sentence `n` begins, and when the next one does. */
  const onset = (n, w) => list[n].words[w] ?? list[n].begin;
  const offset = (n, w) => list[n].words[w + 1] ?? list[n].end;

  const wordId = (n, w) => `${list[n].id}-w${w + 1}`;

  /** The number and the word of what an element in the page shows of the narration; null where nothing. */
  function of(element) {
    const word = element.closest('[id*="-w"]');
    const [, id, w] = WORD.exec(word?.id ?? "") ?? [];
    return numbers.has(id) ? { sentence: numbers.get(id), word: Number(w) - 1 } : null;
  }

  Hakawati.cues = {
    get duration() {
      return duration;
    },
    get list() {
      return list;
    },
    read,
    at,
    wordAt,
    onset,
    offset,
    wordId,
    of,
    number: (id) => numbers.get(id) ?? -1,
    /** The elements that show a sentence and a word; null where the layout leaves them out. */
    element: (n) => document.getElementById(list[n].id),
    wordElement: (n, w) => document.getElementById(wordId(n, w)),
  };
})();
