"use strict";
/* The gallery. It filters the index, shows a page of prompts, and loads what is known of them when
   it comes to them. What is chosen stands in the address, so that every view can be linked to. */

const uigGallery = (() => {
  const FIELDS = ["q", "outcome", "method", "dimension", "split", "judge", "order", "disagree"];
  const MOST_NODES = 3400;
  const NODES = { step: 16, loop: 8, entry: 12 };
  const MARKS = {
    repaired: "▲ repaired",
    broken: "▼ broken",
    right: "✓ right from the first on",
    wrong: "✗ still wrong",
    missing: "? missing",
  };
  let state = {};
  let chosen = [];
  let current = -1;
  let drawing = 0;

  function start() {
    byDialogs();
    fillFilters();
    readAddress();
    document.getElementById("filters").addEventListener("input", filtersChanged);
    document.getElementById("filters").addEventListener("submit", (event) => event.preventDefault());
    document.getElementById("clear").addEventListener("click", () => {
      state = {};
      current = -1;
      writeFilters();
      apply(0);
    });
    document.getElementById("keys").addEventListener("click", help);
    for (const button of document.querySelectorAll(".pages .back")) {
      button.addEventListener("click", () => turn(-1));
    }
    for (const button of document.querySelectorAll(".pages .on")) {
      button.addEventListener("click", () => turn(1));
    }
    document.addEventListener("keydown", keyPressed);
    window.addEventListener("hashchange", readAddress);
  }

  // What is chosen: in the form, in the address.

  function fillFilters() {
    const held = uigPage.held;
    const of = (name) => held.cases.map((one) => one[name]).filter(Boolean);
    const unique = (name) => [...new Set(of(name))].sort();
    fill("dimension", unique("dimension").map((one) => [one, one]));
    fill("split", unique("split").map((one) => [one, one]));
    fill("method", held.columns.map((one, number) => [String(number), one.label]));
    fill("judge", held.judges.map((one) => [one, one]));
    const form = document.getElementById("filters");
    form.elements.dimension.parentElement.hidden = unique("dimension").length < 2;
    form.elements.split.parentElement.hidden = unique("split").length < 2;
    form.elements.judge.parentElement.hidden = held.judges.length < 2;
    form.elements.disagree.parentElement.hidden = held.judges.length < 2;
    form.elements.method.parentElement.hidden = held.columns.length < 2;
    if (!held.judges.length) {
      for (const option of [...form.elements.outcome.options]) {
        if (!["", "missing", "returned"].includes(option.value)) option.remove();
      }
      form.elements.order.parentElement.hidden = true;
    } else if (held.columns.length < 2) {
      for (const option of [...form.elements.outcome.options]) {
        if (["won", "lost"].includes(option.value)) option.remove();
      }
    }
  }

  function fill(name, options) {
    const select = document.getElementById("filters").elements[name];
    select.append(...options.map(([value, told]) => make("option", { value }, harmless(told))));
  }

  function readAddress() {
    // A plus in an id is a plus, also where somebody wrote the address by hand.
    const asked = new URLSearchParams(location.hash.slice(1).replaceAll("+", "%2B"));
    state = Object.fromEntries(FIELDS.map((name) => [name, asked.get(name) || ""]));
    writeFilters();
    apply(Number(asked.get("page") || 1) - 1, asked.get("case"));
  }

  function writeFilters() {
    const form = document.getElementById("filters").elements;
    for (const name of FIELDS) {
      if (name === "disagree") form[name].checked = Boolean(state[name]);
      else if (name === "judge") form[name].value = state[name] || uigPage.held.judges[0] || "";
      else form[name].value = state[name] || "";
    }
  }

  function filtersChanged() {
    const form = document.getElementById("filters").elements;
    for (const name of FIELDS) {
      state[name] = name === "disagree" ? (form[name].checked ? "1" : "") : form[name].value;
    }
    if (state.judge === uigPage.held.judges[0]) state.judge = "";
    current = -1;
    apply(0);
  }

  function addressOf(more) {
    const chosen = FIELDS.map((name) => [name, state[name]]);
    const told = [...chosen, ...Object.entries(more)].filter(([, value]) => value);
    return `#${told.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
  }

  // Which cases are shown.

  function judge() {
    return state.judge || uigPage.held.judges[0];
  }

  function apply(page, wanted = null) {
    const cases = uigPage.held.cases;
    chosen = cases.map((_, number) => number).filter((number) => passes(cases[number]));
    if (state.order) {
      const sign = state.order === "gain" ? -1 : 1;
      const by = new Map(chosen.map((number) => [number, change(cases[number], sign)]));
      chosen.sort((a, b) => by.get(a) - by.get(b) || a - b);
    }
    if (wanted) {
      const at = chosen.findIndex((number) => cases[number].id === wanted);
      if (at >= 0) {
        show(Math.floor(at / perPage()), at % perPage());
        return;
      }
    }
    show(page, null, wanted);
  }

  function passes(one) {
    if (state.dimension && one.dimension !== state.dimension) return false;
    if (state.split && one.split !== state.split) return false;
    if (state.q) {
      const words = state.q.toLocaleLowerCase().split(/\s+/u).filter(Boolean);
      const text = `${one.prompt} ${one.id}`.toLocaleLowerCase();
      if (!words.every((word) => text.includes(word))) return false;
    }
    if (!state.outcome && !state.method && !state.disagree) return true;
    return loopsOf(one).some((loop) => {
      if (state.disagree && !loop.disagree) return false;
      return !state.outcome || cameTo(one, loop, state.outcome);
    });
  }

  function loopsOf(one) {
    if (!state.method) return one.loops;
    return one.loops.filter((loop) => loop.column === Number(state.method));
  }

  function outcomeOf(loop) {
    return loop.outcomes ? loop.outcomes[judge()] : undefined;
  }

  function isRight(loop) {
    return ["repaired", "right"].includes(outcomeOf(loop));
  }

  function cameTo(one, loop, outcome) {
    if (outcome === "returned") return Boolean(loop.returned);
    if (outcome === "missing") return Boolean(loop.missing) || outcomeOf(loop) === "missing";
    if (outcome === "won" || outcome === "lost") {
      const base = one.loops.find((other) => other.column === 0 && other.sample === loop.sample);
      if (!base || base === loop) return false;
      if ([base, loop].some((each) => ["missing", undefined].includes(outcomeOf(each)))) return false;
      return isRight(base) === (outcome === "lost") && isRight(loop) === (outcome === "won");
    }
    return outcomeOf(loop) === outcome;
  }

  /** The largest change of a case's score, in the direction of sign. */
  function change(one, sign) {
    const changes = loopsOf(one).map((loop) => {
      const [first, last] = (loop.scores && loop.scores[judge()]) || [];
      const known = first !== null && last !== null && first !== undefined && last !== undefined;
      return known ? sign * (last - first) : Infinity;
    });
    return Math.min(Infinity, ...changes);
  }

  // A page of them.

  function perPage() {
    const held = uigPage.held;
    const loops = Math.max(1, ...held.cases.slice(0, 50).map((one) => one.loops.length));
    const each = NODES.entry + loops * (NODES.loop + NODES.step * held.steps);
    return Math.max(1, Math.min(24, Math.floor(MOST_NODES / each)));
  }

  function turn(by) {
    show(state.page + by, 0);
  }

  function show(page, focused = null, lost = null) {
    const size = perPage();
    const pages = Math.max(1, Math.ceil(chosen.length / size));
    state.page = Math.min(Math.max(0, page || 0), pages - 1);
    const numbers = chosen.slice(state.page * size, (state.page + 1) * size);
    const all = uigPage.held.cases.length.toLocaleString("en");
    document.getElementById("count").textContent =
      `${chosen.length.toLocaleString("en")} of ${all} prompts` +
      (lost ? `; ${harmless(lost)} is none of them` : "");
    for (const nav of document.querySelectorAll(".pages")) {
      nav.hidden = pages < 2;
      nav.querySelector(".where").textContent = `page ${state.page + 1} of ${pages}`;
      nav.querySelector(".back").disabled = state.page === 0;
      nav.querySelector(".on").disabled = state.page === pages - 1;
    }
    const drawn = numbers.map(frame);
    document.getElementById("cases").replaceChildren(...drawn);
    if (!numbers.length) {
      document.getElementById("cases").append(make("p", { class: "none" }, "No prompt is like that; clear a filter."));
    }
    current = -1;
    if (focused !== null && numbers.length) focusOn(focused);
    else history.replaceState(null, "", addressOf({ page: state.page ? String(state.page + 1) : "" }));
    const mine = ++drawing;
    numbers.forEach((number, at) => {
      const file = Math.floor(number / uigPage.held.perFile);
      uigPage.load(file).then(
        (cases) => {
          if (mine === drawing) complete(drawn[at], number, cases[number % uigPage.held.perFile]);
        },
        (error) => drawn[at].append(make("p", { class: "gaps" }, error.message)),
      );
    });
  }

  function frame(number) {
    const one = uigPage.held.cases[number];
    const told = [one.dimension, one.split].filter(Boolean).join(" · ");
    const article = make(
      "article",
      { class: "case", tabindex: "-1", "aria-label": harmless(one.id) },
      make(
        "h2",
        {},
        make("a", { href: addressOf({ case: one.id }), dir: "auto" }, harmless(one.id)),
        " ",
        make("span", { class: "dimension" }, harmless(told)),
      ),
      make("p", { class: "prompt", dir: "auto" }, harmless(one.prompt)),
    );
    article.addEventListener("focusin", () => {
      current = [...document.querySelectorAll(".case")].indexOf(article);
    });
    return article;
  }

  function complete(article, number, known) {
    const one = uigPage.held.cases[number];
    const loops = make("div", { class: "loops" });
    for (const loop of known.loops) {
      if (state.method && loop.column !== Number(state.method)) continue;
      const brief = one.loops.find(
        (other) => other.column === loop.column && other.sample === loop.sample,
      );
      loops.append(strip(one, loop, brief));
    }
    article.append(loops);
  }

  // One loop: its pictures in a row.

  function strip(one, loop, brief) {
    const column = uigPage.held.columns[loop.column];
    const name = loop.sample ? `${column.label}, sample ${loop.sample}` : column.label;
    const outcome = outcomeOf(brief);
    const told = outcome ? MARKS[outcome] : brief.missing ? MARKS.missing : ended(loop);
    const [first, last] = (brief.scores && brief.scores[judge()]) || [];
    const scores = first === undefined ? "" : ` ${percent(first)} → ${percent(last)}`;
    const pictures = loop.steps
      .map((step, number) => ({
        name: `step ${number}`,
        picture: step.made || step.picture,
        told: step.instruction || step.madeInstruction || step.verdict || "",
        number,
      }))
      .filter((each) => each.picture);
    const title = `${name}: ${one.prompt}`;
    return make(
      "section",
      { class: "loop", "aria-label": harmless(name) },
      make(
        "h3",
        {},
        make("span", { dir: "auto" }, harmless(name)),
        make("span", { class: `badge ${outcome || ""}` }, `${told}${scores}`),
      ),
      loop.from ? folded("drawn from", loop.from) : "",
      make(
        "ol",
        { class: "strip", start: "0" },
        ...loop.steps.map((step, number) => {
          const open = () =>
            uigSlider.open(title, pictures, pictures.findIndex((each) => each.number === number));
          return stepOf(one, loop, number, name, open);
        }),
      ),
    );
  }

  function ended(loop) {
    const verdict = loop.steps[loop.steps.length - 1].verdict;
    return verdict === "match" ? "✓ ends in a match" : verdict ? `ends in: ${verdict}` : "not examined";
  }

  function stepOf(one, loop, number, name, open) {
    const step = loop.steps[number];
    const judged = step.judged && step.judged[judge()];
    const before = number ? loop.steps[number - 1].judged : undefined;
    const picture = step.made || step.picture;
    const item = make("li", { class: "step" });
    if (picture) {
      const told = `Step ${number} of ${name}${step.verdict ? `, examined: ${step.verdict}` : ""}`;
      const button = make(
        "button",
        { type: "button", class: "open", "aria-label": `${harmless(told)}. Set it beside another.` },
        image(picture, `${harmless(told)}, for: ${harmless(one.prompt).slice(0, 200)}`),
      );
      button.addEventListener("click", open);
      item.append(button);
    } else {
      item.append(make("div", { class: "no-picture" }, reasonOf(step)));
    }
    let score = judged && judged.score !== undefined ? ` · ${percent(judged.score)}` : "";
    if (judged && step.made) score = ` · made ${percent(judged.madeScore)}, kept ${percent(judged.score)}`;
    item.append(make("p", { class: "score" }, `${number}${score}`));
    for (const change of changes(step, judged)) {
      item.append(make("p", { class: `change ${change.kind}` }, change.told));
    }
    if (step.made && step.picture) {
      item.append(make("p", { class: "kept" }, "kept: ", image(step.picture, "The picture kept")));
    }
    if (step.verdict) item.append(verdictOf(step));
    if (step.failure && picture) {
      item.append(make("p", { class: "change missing" }, `? ${harmless(step.failure)}`));
    }
    if (step.candidates) item.append(candidatesOf(step));
    if (step.thought) item.append(folded("thought", step.thought));
    if (step.examination) item.append(folded("examination", step.examination));
    if (step.madeExamination) item.append(folded("of the one made", step.madeExamination));
    if (judged && judged.questions) {
      const earlier = before && before[judge()] ? before[judge()].questions : undefined;
      item.append(questionsOf(judged.questions, earlier));
    }
    return item;
  }

  function reasonOf(step) {
    if (step.known) return "only judgements of this picture are here, or its file is gone";
    return `missing: ${harmless(step.failure || "nobody knows why")}`;
  }

  function image(picture, alt) {
    const shown = make("img", {
      src: picture.small || picture.src,
      alt,
      width: picture.w,
      height: picture.h,
      loading: "lazy",
      decoding: "async",
      class: picture.w < 160 ? "tiny" : false,
    });
    shown.addEventListener("error", () => {
      if (picture.small && shown.getAttribute("src") === picture.small) shown.src = picture.src;
      else shown.replaceWith(make("span", { class: "no-picture" }, "this picture's file cannot be read"));
    });
    return shown;
  }

  function changes(step, judged) {
    const found = [];
    const word = { repaired: "▲ repaired", broken: "▼ broken" };
    if (judged && judged.byEdit) {
      found.push({ kind: judged.byEdit, told: `${word[judged.byEdit]} by this round` });
    }
    if (step.returned) {
      const where = step.returnsTo === undefined ? "an earlier picture" : `step ${step.returnsTo}`;
      const by = judged && judged.byReturn ? `, ${word[judged.byReturn]} by that` : "";
      found.push({ kind: (judged && judged.byReturn) || "returned", told: `↩ returned to ${where}${by}` });
    }
    if (step.comesBackTo !== undefined) {
      found.push({ kind: "returned", told: `= the picture of step ${step.comesBackTo} again` });
    }
    return found;
  }

  function verdictOf(step) {
    const verdict = step.madeVerdict || step.verdict;
    const instruction = step.madeVerdict ? step.madeInstruction : step.instruction;
    return make(
      "p",
      { class: "verdict", dir: "auto" },
      make("b", {}, harmless(verdict)),
      instruction ? `: ${harmless(instruction)}` : "",
    );
  }

  function candidatesOf(step) {
    return folding(`${step.candidates.length} candidates`, () =>
      step.candidates.map((one, number) =>
        make(
          "p",
          { class: "candidate" },
          one.picture ? image(one.picture, `Candidate ${number}`) : `missing: ${harmless(one.failure || "")}`,
          `${number}${one.score === undefined ? "" : `, ${one.score.toPrecision(3)}`}${one.chosen ? ", chosen" : ""}`,
        ),
      ),
    );
  }

  function questionsOf(questions, earlier) {
    const right = questions.filter((one) => one[3] === 1).length;
    return folding(`${right} of ${questions.length} right`, () => [
      make(
        "ul",
        { class: "questions" },
        ...questions.map(([question, wanted, answer, value, status, raw], number) => {
          const mark = value === null ? "?" : value === 1 ? "✓" : value === 0 ? "✗" : `${percent(100 * value)}`;
          const was = earlier && earlier[number] ? earlier[number][3] : value;
          const moved =
            value === null || was === null || was === value ? "" : value > was ? " ▲ now right" : " ▼ now wrong";
          return make(
            "li",
            { class: value === 1 ? "right" : value === null ? "missing" : "wrong", dir: "auto" },
            `${mark} ${harmless(question)}`,
            make(
              "span",
              { class: "answer" },
              ` wanted ${harmless(wanted || "–")}, got ${harmless(answer === null ? status : answer)}${moved}`,
            ),
            raw && raw !== answer ? folded("raw answer", raw) : "",
          );
        }),
      ),
    ]);
  }

  function folded(title, text) {
    return folding(title, () => [make("pre", { dir: "auto" }, harmless(text))]);
  }

  /** Made when it is opened first: thousands of texts are no part of the page until then. */
  function folding(title, content) {
    const found = make("details", {}, make("summary", {}, title));
    found.addEventListener(
      "toggle",
      () => {
        if (found.open && found.children.length === 1) found.append(...content());
      },
    );
    return found;
  }

  // Keys.

  function focusOn(at) {
    const articles = document.querySelectorAll(".case");
    current = Math.min(Math.max(0, at), articles.length - 1);
    articles[current].focus({ preventScroll: true });
    articles[current].scrollIntoView({ block: "start" });
    const number = chosen[state.page * perPage() + current];
    history.replaceState(null, "", addressOf({ case: uigPage.held.cases[number].id }));
  }

  function move(by) {
    const articles = document.querySelectorAll(".case");
    if (!articles.length) return;
    const next = current + by;
    if (next >= articles.length && (state.page + 1) * perPage() < chosen.length) show(state.page + 1, 0);
    else if (next < 0 && current >= 0 && state.page > 0) show(state.page - 1, perPage() - 1);
    else focusOn(next);
  }

  function moveInside(by) {
    const articles = document.querySelectorAll(".case");
    if (!articles.length) return false;
    const buttons = [...articles[Math.max(0, current)].querySelectorAll(".open")];
    if (!buttons.length) return false;
    const at = buttons.indexOf(document.activeElement);
    const next = at < 0 ? 0 : Math.min(Math.max(0, at + by), buttons.length - 1);
    buttons[next].focus();
    return true;
  }

  function help() {
    document.getElementById("help").showModal();
  }

  function keyPressed(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (document.querySelector("dialog[open]")) return;
    const typing = /^(INPUT|SELECT|TEXTAREA)$/u.test(event.target.tagName);
    if (typing && event.key === "Escape") event.target.blur();
    if (typing) return;
    const keys = {
      j: () => move(1),
      k: () => move(-1),
      "/": () => document.getElementById("filters").elements.q.focus(),
      "?": help,
      ArrowRight: () => moveInside(1),
      ArrowLeft: () => moveInside(-1),
    };
    if (keys[event.key]) {
      keys[event.key]();
      event.preventDefault();
    }
  }

  return { start };
})();
