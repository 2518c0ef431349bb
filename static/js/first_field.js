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
  // By itself: a browser that follows a link to a part of the page takes the cursor out again (Firefox).
  for (const link of links) {
    link.addEventListener("click", (event) => {
      const field = wrong(link);
      if (!field) return;
      event.preventDefault();
      (window.CKEDITOR?.instances[field.id]?.container.$ ?? field).scrollIntoView({ block: "center" });
      focus(field);
    });
  }
  window.addEventListener("load", () => {
    if (links.length) focus(wrong(links[0]));
    else if (!document.querySelector(".errornote")) {
      focus(document.querySelector("fieldset:not(aside *) :is(input, select, textarea):not([type=hidden], :disabled)"));
    }
  });
})();
