// The device's own way to share, and copying: each button is there only where it works.
(() => {
  "use strict";
  const panel = document.currentScript.parentElement;
  const [share, copy] = panel.querySelectorAll("button");
  const field = panel.querySelector("input");
  const offer = (button, act) => {
    button.parentElement.hidden = false;
    button.addEventListener("click", act);
  };
  if (navigator.share) offer(share, () => navigator.share({ url: field.value }).catch(() => {}));
  offer(copy, () => {
    field.select();
    const done = document.execCommand("copy");
    copy.focus();
    if (done) panel.querySelector("[role=status]").textContent = copy.dataset.done;
  });
})();
