/* The cursor in the first field of a new item, or in the first that is wrong, as its link leads there. */
"use strict";
(() => {
  const links = [...document.querySelectorAll(".desk-errors a")];
  const focus = (field) => {
    const editor = window.CKEDITOR?.instances[field?.id];
    if (editor?.status === "ready") editor.focus();
    else if (editor) editor.once("instanceReady", () => editor.focus());
    else field?.focus();
  };
  const wrong = (link) => {
    const id = link.hash.slice(1).replace(/_error$/, "");
    return document.getElementById(id) ?? document.getElementById(`${id}_0`); // a day, before its time
  };
  for (const link of links) link.addEventListener("click", () => setTimeout(() => focus(wrong(link))));
  window.addEventListener("load", () => {
    if (links.length) focus(wrong(links[0]));
    else if (!document.querySelector(".errornote")) {
      focus(document.querySelector("fieldset:not(aside *) :is(input, select, textarea):not([type=hidden], :disabled)"));
    }
  });
})();
