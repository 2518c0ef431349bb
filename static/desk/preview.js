/* The preview beside the form, of what stands in it now, and the notes of the checker; the same in a
   tab of its own, which follows the form: awareness/desk/preview_views.py. */
(() => {
  "use strict";
  const REST = 400; // milliseconds after the last key
  const live = document.getElementById("desk-live");
  const form = live?.closest("form"); // none in a tab of its own
  const frame = live?.querySelector("iframe");
  if (!frame) return;
  const view = { width: "phone", language: "en", colors: "light", ...live.dataset, ...remembered() };
  const channel = new BroadcastChannel(`preview of ${new URL(live.dataset.page, location.href).pathname}`);

  // For this tab alone, so that saving does not close it.
  function remembered() {
    try { return form && JSON.parse(sessionStorage.getItem("preview")); } catch { return null; }
  }

  let timer = 0, asking = null;
  const soon = () => { clearTimeout(timer); timer = setTimeout(() => ask(typed()), REST); };

  function typed() {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (name.startsWith("_") || value instanceof File) data.delete(name);
    for (const one of Object.values(window.CKEDITOR?.instances ?? {})) if (one.status === "ready") data.set(one.element.getAttribute("name"), one.getData());
    return new URLSearchParams(data).toString();
  }

  // Without a language the answer has the notes alone.
  function address(language) {
    const where = new URL(live.dataset.page, location.href);
    if (language) where.searchParams.set("language", language);
    return where;
  }

  async function ask(body) {
    asking?.abort();
    asking = new AbortController();
    const where = address(!live.hidden && view.language);
    if (form) channel.postMessage(body);
    try {
      const headers = { "Content-Type": "application/x-www-form-urlencoded" };
      const answer = await fetch(where, { method: "POST", body, headers, redirect: "manual", signal: asking.signal });
      if (!answer.ok) return; // signed out, say: what was seen last stays, and the bar of buttons tells
      const { page, notes } = await answer.json();
      if (form) tell(notes);
      if (page) show(page);
    } catch { /* no network, or somebody typed on */ }
  }

  // The frame runs no script: what stands in its page is exchanged, and nobody loses their place.
  function show(page) {
    const { contentDocument: inner, contentWindow: window } = frame;
    if (!inner?.documentElement) return;
    const { scrollX, scrollY } = window;
    const fresh = new window.DOMParser().parseFromString(page, "text/html").documentElement; // by the policy of the frame
    inner.replaceChild(inner.adoptNode(fresh), inner.documentElement);
    paint(inner);
    window.scrollTo(scrollX, scrollY);
  }

  // As if the visitor's device asked for these colors.
  function paint(inner) {
    inner.documentElement.style.colorScheme = view.colors;
    for (const sheet of inner.styleSheets) {
      for (const rule of sheet.cssRules) {
        if (rule.media?.mediaText === "(prefers-color-scheme: dark)") rule.media.mediaText = view.colors === "dark" ? "all" : "not all";
      }
    }
  }

  function tell(notes) {
    const check = document.getElementById("desk-check");
    const fresh = new DOMParser().parseFromString(notes, "text/html").body;
    const box = check.querySelector(".desk-notes");
    check.hidden = false;
    if (!box.children.length) box.append(...fresh.childNodes);
    for (const part of ["p", "ol"]) { // a screen reader hears of the number, and only when it is another
      const [now, then] = [fresh.querySelector(part), box.querySelector(part)];
      if (now && now.innerHTML !== then.innerHTML) then.replaceChildren(...now.childNodes);
    }
  }

  function choose(name, value) {
    view[name] = value;
    for (const button of live.querySelectorAll("button")) button.ariaPressed = String(view[button.name] === button.value);
    frame.className = `desk-${view.width}`;
    if (form) sessionStorage.setItem("preview", JSON.stringify(view));
  }

  const again = () => form ? ask(typed()) : channel.postMessage("");
  live.addEventListener("click", ({ target }) => {
    if (target.type !== "button") return;
    choose(target.name, target.value);
    again();
  });
  frame.addEventListener("load", again);
  choose("width", view.width);
  if (!form) { // it shows what is saved until the form says something
    for (const part of live.querySelectorAll("[hidden]")) part.hidden = false;
    channel.onmessage = ({ data }) => data && ask(data);
    again();
    return;
  }
  channel.onmessage = ({ data }) => data || channel.postMessage(typed()); // a tab has just opened

  const bar = form.querySelector(".submit-row:last-of-type");
  const toggle = Object.assign(document.createElement("button"), { type: "button", className: "button" });
  toggle.setAttribute("aria-controls", live.id);
  bar?.append(toggle);
  function open(isWanted) {
    live.hidden = !isWanted;
    toggle.textContent = isWanted ? live.dataset.close : live.dataset.open;
    choose("isOpen", isWanted);
    if (!isWanted) return;
    if (frame.src) again();
    else frame.src = address(view.language);
  }
  toggle.addEventListener("click", () => { open(live.hidden); live.scrollIntoView(); });
  open(Boolean(view.isOpen) && matchMedia("(min-width: 1280px)").matches); // else it would hide the form

  // To the field that a note is about, wherever it is folded away.
  document.getElementById("desk-check").addEventListener("click", (event) => {
    const link = event.target.closest("a");
    const field = link && document.getElementById(link.hash.slice(1));
    if (!field) return;
    event.preventDefault();
    if (!field.checkVisibility() && getComputedStyle(document.querySelector(".desk-text")).display === "none") open(false);
    for (let around = field; around; around = around.parentElement) if (around.localName === "details") around.open = true;
    const editor = window.CKEDITOR?.instances[field.id];
    const shown = editor ? editor.container.$ : field;
    shown.scrollIntoView({ block: "center" });
    (editor ?? field.querySelector("summary, a, input:not([type=hidden])") ?? field).focus();
  });

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  document.addEventListener("formset:added", soon);
  document.addEventListener("formset:removed", soon);
  window.CKEDITOR?.on("instanceReady", ({ editor }) => { editor.on("change", soon); soon(); });
  soon();
})();
