/* What is wrong with the book: over the page for as long as it is, while the last good book stays. */
(() => {
  "use strict";
  const Live = (window.HakawatiLive ??= {});
  const { make } = Live;

  let card = null;

  /** `1 problem`, `2 problems`. */
  const count = (n, name) => (n === 1 ? `1 ${name}` : `${n} ${name}s`);

  /** Where a problem is, as an editor would be asked for it. */
  const where = ({ path, line }) => (path && line ? `${path}:${line}` : path || "Hakawati");

  /** The lines around a problem, its own marked; nothing where there are none. */
  function excerpt(problem) {
    if (!problem.excerpt.length) return "";
    const lines = problem.excerpt.map(([number, text]) => {
      const here = number === problem.line;
      const code = make("code", { dir: "auto" }, text || " ");
      return make("li", { value: number, ...(here ? { class: "live-line", "aria-current": "true" } : {}) }, code);
    });
    return make("ol", { class: "live-lines", "aria-label": `Lines of ${problem.path}` }, ...lines);
  }

  /** What a problem says besides its message. */
  function more(problem) {
    const found = [];
    if (problem.hint) found.push(make("p", { class: "live-hint" }, make("b", {}, "Hint: "), problem.hint));
    const lines = excerpt(problem);
    if (lines) found.push(lines);
    return found;
  }

  function item(problem) {
    const place = make("b", { class: "live-where" }, where(problem));
    return make("li", {}, make("p", {}, place, " ", problem.message), ...more(problem));
  }

  function show(problems) {
    if (!problems.length) {
      card?.remove();
      card = null;
      return;
    }
    const open = card ? card.querySelector("details").open : true;
    const told = `${count(problems.length, "problem")}: the page shows the last good book`;
    const list = make("ul", {}, ...problems.map(item));
    const made = make(
      "section",
      { id: "live-mistake", class: "live", lang: "en", dir: "ltr", "aria-label": "Problems" },
      make("details", { open }, make("summary", {}, told), list),
    );
    if (card) card.replaceWith(made);
    else document.body.append(made);
    card = made;
  }

  Live.count = count;
  Live.where = where;
  Live.more = more;
  Live.problems = { show };
})();
