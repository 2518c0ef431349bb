// Rows are dragged to their place by a handle. The buttons beside it do the same without this file.
(() => {
  "use strict";
  const EDGE = 60; // pixels from the top or bottom of the window, where it begins to scroll
  let sent = false;

  const middle = (row) => {
    const box = row.getBoundingClientRect();
    return box.top + box.height / 2;
  };

  function drag(event, list, row) {
    if (event.button || sent) return;
    event.preventDefault();
    const before = [...list.children];
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    row.classList.add("dragged");

    const move = ({ clientY }) => {
      if (clientY < EDGE) scrollBy(0, -12);
      if (clientY > innerHeight - EDGE) scrollBy(0, 12);
      // The others move around it: if it were moved itself, it would lose the pointer.
      let other;
      while ((other = row.previousElementSibling) && clientY < middle(other)) row.after(other);
      while ((other = row.nextElementSibling) && clientY > middle(other)) row.before(other);
    };
    const end = ({ type }) => {
      handle.removeEventListener("pointermove", move);
      for (const name of ["pointerup", "pointercancel"]) handle.removeEventListener(name, end);
      document.removeEventListener("keydown", leave);
      row.classList.remove("dragged");
      const place = [...list.children].indexOf(row);
      if (type !== "pointerup") list.append(...before);
      else if (place !== before.indexOf(row)) send(list.closest("form"), `${row.dataset.item}:${place + 1}`);
    };
    const leave = (pressed) => pressed.key === "Escape" && end(pressed);

    handle.addEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) handle.addEventListener(name, end);
    document.addEventListener("keydown", leave);
  }

  function send(form, move) {
    sent = true; // one move at a time: the page comes back with the new list
    const field = document.createElement("input");
    Object.assign(field, { type: "hidden", name: "move", value: move });
    form.append(field);
    form.submit();
  }

  for (const list of document.querySelectorAll("[data-order]")) {
    if (list.children.length < 2) continue;
    document.querySelector("[data-drag-hint]").hidden = false;
    for (const row of list.children) {
      const handle = document.createElement("span"); // for pointers alone: nothing to tab to
      handle.className = "handle";
      handle.setAttribute("aria-hidden", "true");
      handle.addEventListener("pointerdown", (event) => drag(event, list, row));
      row.prepend(handle);
    }
  }
})();
