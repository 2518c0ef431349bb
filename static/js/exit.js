// Leaving: stands inside every page's head, so that it runs before anything is painted.
// It writes one thing, a number that lasts as long as the tab: how often this tab has left.
(() => {
  "use strict";
  const FLAG = "left";
  const to = document.currentScript.dataset.to;
  const root = document.documentElement;
  const flag = {
    get: () => { try { return sessionStorage.getItem(FLAG); } catch { return null; } },
    raise: () => {
      try { sessionStorage.setItem(FLAG, 1 + Number(flag.get())); } catch { /* no guard then */ }
    },
  };

  // Coming back by the Back button, however often: no frame of ours, and on to where one was.
  // Who types the address again may read on: pages opened since then carry the number of the
  // last leaving, and Back shows those alone.
  const away = () => { root.hidden = true; location.replace(to); };
  const isBefore = () => flag.get() && history.state !== flag.get();
  const arrival = performance.getEntriesByType("navigation")[0];
  if (flag.get() && arrival && arrival.type === "navigate") history.replaceState(flag.get(), "");
  else if (isBefore()) away();
  // A page that the browser keeps for Back is kept hidden.
  addEventListener("pagehide", () => { root.hidden = true; });
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    if (isBefore()) away();
    else root.hidden = false;
  });

  const link = () => document.querySelector("a[data-exit]");
  const leave = () => {
    const { loading } = link().dataset;
    const address = link().href;
    flag.raise();
    const note = document.createElement("p");
    note.setAttribute("role", "alert");
    document.body.replaceChildren(note);
    note.textContent = document.title = loading;
    document.body.className = "left";
    location.replace(address);
  };
  addEventListener("click", (event) => {
    if (!event.target.closest?.("a[data-exit]")) return;
    event.preventDefault();
    leave();
  });

  // Shift, pressed three times, each within five seconds of the last. A press is one Shift key
  // down and up. Anything else done meanwhile, with the other Shift too, and it starts anew.
  const LIMIT = 5000;
  const ELSE = ["pointerdown", "pointerup", "wheel", "click", "input", "blur"];
  let count = 0, pressed = null, timer;
  const say = (words) => {
    const place = document.getElementById("exit-progress");
    if (place) place.textContent = words;
  };
  const reset = (words = "") => {
    say(words);
    count = 0;
    pressed = null;
    clearTimeout(timer);
  };
  const typing = (target) => matchMedia("(pointer: coarse)").matches
    && target.closest?.("input, textarea, select, [contenteditable]");
  for (const what of ELSE) addEventListener(what, () => reset(), { capture: true, passive: true });
  addEventListener("keydown", (event) => {
    const alone = !(pressed || event.ctrlKey || event.altKey || event.metaKey);
    if (event.key !== "Shift") reset();
    else if (!event.repeat) alone ? pressed = event.code : reset();
  });
  addEventListener("keyup", (event) => {
    if (event.code !== pressed || typing(event.target)) { reset(); return; }
    pressed = null;
    count += 1;
    clearTimeout(timer);
    if (count === 3) { leave(); return; }
    const { two, one, over } = link().dataset;
    say(count === 1 ? two : one);
    timer = setTimeout(() => reset(over), LIMIT);
  });
})();
