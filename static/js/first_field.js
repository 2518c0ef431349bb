/* The cursor in the first field of a new item, or in the first that is wrong, as its link leads there. */
"use strict";
(() => {
  const FIELD = ":is(input, select, textarea):not([type=hidden], :disabled)";
  const focus = (place) => {
    const field = place?.querySelector(FIELD);
    const editor = window.CKEDITOR?.instances[field?.id];
    if (editor?.status === "ready") editor.focus();
    else if (editor) editor.once("instanceReady", () => editor.focus());
    else field?.focus();
  };
  const wrong = (list) => list?.closest(".errors, .form-row, fieldset");
  for (const link of document.querySelectorAll(".desk-errors a")) {
    link.addEventListener("click", () => focus(wrong(document.querySelector(link.hash))));
  }
  window.addEventListener("load", () => {
    const first = document.querySelector("form .errorlist:not(.nonfield)");
    if (document.querySelector(".errornote")) focus(wrong(first));
    else focus(document.querySelector("fieldset:not(aside *)"));
  });
})();
