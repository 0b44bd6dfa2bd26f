/* The words of the reader itself, in Arabic and in English. */
(() => {
  "use strict";
  const Hakawati = (window.Hakawati ??= {});
  const page = document.documentElement;

  const WORDS = {
    en: {
      skip: "Skip to the text",
      contents: "Contents",
      view: "View",
      layouts: "Layout",
      editions: "Edition",
      "edition-main": "The book",
      "layout-interleaved": "Translation below",
      "layout-sentences": "Sentence by sentence",
      "layout-facing": "Side by side",
      "layout-popup": "Translation on demand",
      "layout-original": "Without translation",
      glossary: "Glossary",
      answers: "Answers",
      previous: "Previous chapter",
      next: "Next chapter",
      narration: "Narration",
      start: "Begin to read",
      continue: "Read on",
      words: "Words of this chapter",
      play: "Play",
      pause: "Pause",
      back: "Previous sentence",
      forward: "Next sentence",
      "word-back": "Previous word",
      "word-forward": "Next word",
      loop: "Repeat this sentence",
      slower: "Slower",
      faster: "Faster",
      rate: "Speed",
      position: "Position",
      of: "{0} of {1}",
      return: "Back to where it is read",
      size: "Size of the text",
      smaller: "Smaller",
      larger: "Larger",
      light: "Light",
      auto: "As the device",
      day: "Day",
      night: "Night",
      language: "Language of the buttons",
      reading: "While it is read",
      follow: "Scroll along with it",
      keys: "Keys",
      "keys-on": "Keys do what the list tells",
      "keys-list": "List of the keys",
      space: "Space",
      "click-word": "A click on a word reads from there.",
      help: "This list",
      close: "Close",
      term: "From the glossary",
      note: "Note",
      translation: "Translation",
      "in-glossary": "In the glossary",
      "no-sound": "The sound cannot be played.",
      "no-page": "The page cannot be opened.",
    },
    ar: {
      skip: "إلى النص",
      contents: "المحتويات",
      view: "العرض",
      layouts: "التنسيق",
      editions: "الطبعة",
      "edition-main": "الكتاب",
      "layout-interleaved": "الترجمة تحت النص",
      "layout-sentences": "جملة جملة",
      "layout-facing": "الترجمة بجانب النص",
      "layout-popup": "الترجمة عند الطلب",
      "layout-original": "بلا ترجمة",
      glossary: "مسرد المصطلحات",
      answers: "الأجوبة",
      previous: "الفصل السابق",
      next: "الفصل التالي",
      narration: "القراءة",
      start: "ابدأ القراءة",
      continue: "واصل القراءة",
      words: "كلمات هذا الفصل",
      play: "تشغيل",
      pause: "إيقاف مؤقت",
      back: "الجملة السابقة",
      forward: "الجملة التالية",
      "word-back": "الكلمة السابقة",
      "word-forward": "الكلمة التالية",
      loop: "تكرار هذه الجملة",
      slower: "أبطأ",
      faster: "أسرع",
      rate: "السرعة",
      position: "الموضع",
      of: "{0} من {1}",
      return: "إلى موضع القراءة",
      size: "حجم النص",
      smaller: "أصغر",
      larger: "أكبر",
      light: "الإضاءة",
      auto: "كالجهاز",
      day: "نهار",
      night: "ليل",
      language: "لغة الأزرار",
      reading: "أثناء القراءة",
      follow: "تحريك الصفحة مع القراءة",
      keys: "المفاتيح",
      "keys-on": "تفعيل مفاتيح القائمة",
      "keys-list": "قائمة المفاتيح",
      space: "مسافة",
      "click-word": "انقر كلمة لتبدأ القراءة منها.",
      help: "هذه القائمة",
      close: "إغلاق",
      term: "من المسرد",
      note: "حاشية",
      translation: "الترجمة",
      "in-glossary": "في المسرد",
      "no-sound": "تعذّر تشغيل الصوت.",
      "no-page": "تعذّر فتح الصفحة.",
    },
  };
  /** Of each language, its name in itself and its direction. */
  const LANGUAGES = { ar: ["العربية", "rtl"], en: ["English", "ltr"] };

  function language() {
    const chosen = Hakawati.memory.settings.language;
    if (chosen in LANGUAGES) return chosen;
    const original = page.lang.split("-")[0];
    return original in LANGUAGES ? original : "en";
  }

  function say(key, ...values) {
    const found = WORDS[language()][key];
    return found?.replace(/\{(\d)\}/g, (_, n) => values[n]);
  }

  /* An element speaks the reader's language. Inside the book it keeps to the side of the text around it. */
  function belongs(element) {
    const lang = language();
    element.lang = lang;
    if (!element.closest("#book")) element.dir = LANGUAGES[lang][1];
  }

  /* An element speaks the book's language, within what speaks the reader's. */
  function quotes(element) {
    element.lang = page.lang;
    element.dir = page.dir;
  }

  /** Write the words of `data-say` (the text) and `data-say-label` (the name of what shows none). */
  function speak(root = document) {
    for (const element of root.querySelectorAll("#bar, #layouts, #editions, [data-speaks]:not(html)")) belongs(element);
    for (const element of root.querySelectorAll("#contents ol, #title")) quotes(element);
    for (const element of root.querySelectorAll("[data-say]")) {
      const found = say(element.dataset.say);
      if (found === undefined) continue;
      element.textContent = found;
      belongs(element);
    }
    for (const element of root.querySelectorAll("[data-say-label]")) {
      const found = say(element.dataset.sayLabel);
      if (found === undefined) continue;
      element.setAttribute("aria-label", found);
      element.lang = language();
      if (element.matches("button, a")) element.title = found;
    }
  }

  Hakawati.words = { LANGUAGES, language, say, speak, quotes };
  window.addEventListener("hakawati:settings", () => speak());
})();
