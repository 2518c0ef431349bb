/* Asks whoever leaves a form of the admin with something typed in it and not saved. */
(() => {
  const form = document.querySelector("#content-main form[id$='_form']");
  if (!form) return;
  const refused = document.querySelector(".errornote, .desk-overtaken, .kept");
  const typed = () => new URLSearchParams(new FormData(form)).toString();
  const inEditors = () => Object.values(window.CKEDITOR?.instances ?? {}).some((one) => one.checkDirty());
  let opened = null;
  let sent = false;
  window.addEventListener("load", () => setTimeout(() => { opened = typed(); }, 500));
  form.addEventListener("submit", () => { sent = true; });
  window.addEventListener("beforeunload", (event) => {
    if (!sent && opened !== null && (refused || typed() !== opened || inEditors())) event.preventDefault();
  });
})();
