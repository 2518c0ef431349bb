/* One language of a form at a time, where it has no room for all side by side: the style sheet knows
   where that is (static/css/staff.css). Without this they stand below one another. */
(() => {
  "use strict";
  const box = document.querySelector(".desk-switch");
  const form = box?.closest("form");
  if (!form) return;
  const buttons = [...box.children];
  const cells = () => [...form.querySelectorAll(".form-multiline > div")].flatMap((cell) => {
    const lang = cell.querySelector("[name][lang]")?.lang;
    return lang ? [[cell, lang]] : [];
  });
  const show = (chosen) => {
    for (const button of buttons) button.setAttribute("aria-pressed", button.value === chosen);
    for (const [cell, lang] of cells()) cell.classList.toggle("desk-other", Boolean(chosen) && lang !== chosen);
  };
  // Whatever is wrong, or is led to, is in sight.
  const reveal = (target) => target?.closest(".desk-other") && show("");
  const wrong = cells().some(([cell, lang]) => lang !== buttons[0].value && cell.querySelector(".errorlist"));
  show(wrong ? "" : buttons[0].value);
  box.hidden = false;
  box.addEventListener("click", ({ target }) => target.value !== undefined && show(target.value));
  document.addEventListener("click", ({ target }) => {
    const link = target.closest("a[href^='#']");
    if (link) reveal(document.getElementById(link.hash.slice(1)));
  }, true);
  document.addEventListener("formset:added", () => show(buttons.find((one) => one.ariaPressed === "true").value));
})();
