// Beside the number of a picture, which the list of pictures fills in: what that picture is.
// templates/admin/pages/picture_widget.html
document.addEventListener("DOMContentLoaded", () => {
  "use strict";
  const $ = window.django.jQuery; // Django tells of a choice by jQuery alone
  const show = (choice) => {
    const number = choice.querySelector("input").value.trim();
    const image = choice.querySelector("img");
    choice.classList.add("has-script");
    if (/^\d+$/.test(number)) image.src = choice.dataset.thumbnail.replace("/0/", `/${number}/`);
    image.hidden = choice.querySelector("button").hidden = !number;
  };
  document.querySelectorAll(".picture-choice").forEach(show);
  $(document).on("change", ".picture-choice input", (event) => show(event.target.parentElement));
  $(document).on("click", ".picture-choice button", (event) => {
    const choice = event.target.parentElement;
    choice.querySelector("input").value = "";
    show(choice);
  });
});
