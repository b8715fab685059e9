"use strict";
/* What the gallery's scripts share. Texts come from prompts, models and judges: they are set as text
   and never as markup. */

const uigPage = {
  held: null,
  files: new Map(),
  waiting: new Map(),

  /** Called by data/index.js. */
  index(held) {
    uigPage.held = held;
    uigGallery.start();
  },

  /** Called by data/cases-N.js. */
  cases(number, cases) {
    uigPage.files.set(number, cases);
    (uigPage.waiting.get(number) || []).forEach((ready) => ready(cases));
    uigPage.waiting.delete(number);
  },

  /** The cases of a data file, loaded once. */
  load(number) {
    if (uigPage.files.has(number)) return Promise.resolve(uigPage.files.get(number));
    return new Promise((ready, failed) => {
      const others = uigPage.waiting.get(number);
      if (others) {
        others.push(ready);
        return;
      }
      uigPage.waiting.set(number, [ready]);
      const script = make("script", { src: `data/cases-${number}.js` });
      script.addEventListener("error", () => {
        uigPage.waiting.delete(number);
        failed(new Error(`data/cases-${number}.js cannot be read`));
      });
      document.head.append(script);
    });
  },
};

/** An element with attributes and children; strings become text. */
function make(name, attributes = {}, ...children) {
  const found = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    found.setAttribute(key, value === true ? "" : value);
  }
  found.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return found;
}

/** Control characters made visible, as the terminal shows them. */
function harmless(text) {
  return String(text).replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200c\u200e-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu,
    (c) => `\\u${c.codePointAt(0).toString(16).padStart(4, "0")}`,
  );
}

function percent(value) {
  return value === undefined || value === null ? "–" : `${value.toFixed(0)} %`;
}

function byDialogs() {
  for (const dialog of document.querySelectorAll("dialog")) {
    dialog.querySelector(".close").addEventListener("click", () => dialog.close());
    dialog.addEventListener("click", (event) => {
      if (event.target === dialog) dialog.close();
    });
  }
}
