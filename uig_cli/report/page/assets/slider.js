"use strict";
/* Two pictures of a loop, one above the other, with a handle that uncovers the later one. */

const uigSlider = {
  /** Opens it. pictures: [{name, picture, told}] of one loop; at: which one is the later. */
  open(title, pictures, at) {
    const dialog = document.getElementById("slider");
    dialog.querySelector("h2").textContent = harmless(title);
    const [before, after] = ["before", "after"].map((name) => dialog.querySelector(`select[name=${name}]`));
    for (const select of [before, after]) {
      select.replaceChildren(
        ...pictures.map((one, number) => make("option", { value: number }, one.name)),
      );
      select.onchange = show;
    }
    after.value = String(at);
    before.value = String(Math.max(0, at - 1));
    const range = dialog.querySelector("input[type=range]");
    range.value = "50";
    range.oninput = uncover;

    function show() {
      for (const [select, name] of [[before, "before"], [after, "after"]]) {
        const one = pictures[Number(select.value)];
        const image = dialog.querySelector(`img.${name}`);
        image.src = one.picture.src;
        image.alt = one.name;
        image.classList.toggle("tiny", one.picture.w < 160);
      }
      dialog.querySelector(".told").textContent = harmless(pictures[Number(after.value)].told);
      uncover();
    }

    function uncover() {
      dialog.querySelector(".stack").style.setProperty("--at", `${range.value}%`);
    }

    show();
    dialog.showModal();
    range.focus();
  },
};
