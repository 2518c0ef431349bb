/* Saves what somebody types while they type, so that no crash, closed tab, lost network or ended
   session takes more than five seconds of it, and says who else has the form open:
   awareness/desk/autosave.py. Where there are no drafts it is kept: awareness/desk/kept.py. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const form = document.querySelector("#content-main form[id$='_form']");
  const buttons = form?.querySelector(".submit-row:last-of-type");
  if (!buttons) return;
  const REST = 2000, LONGEST = 5000, BEAT = 10000, AWAY = 900000; // milliseconds after the last key, the first, an answer, any use
  const SMALL = 60000; // what a browser sends of a tab that is going away
  const status = (name, place) => {
    const found = document.querySelector(`.${name}`) ?? document.createElement("p");
    found.className = name;
    found.setAttribute("role", "status");
    if (!found.parentNode) place.append(found);
    return found;
  };
  const told = status("desk-saved", buttons), here = status("desk-here", buttons);
  const say = (place, text) => { if (place.textContent !== text) place.textContent = text; };

  let timer = 0, since = 0, beaten = -BEAT, used = 0, size = 0, sending = null, sent = false, isOut = false, isLost = false, isEarly = false;
  let unanswered = null; // [data, text]
  let saved = null; // what the item would be, as it was saved or opened last
  const now = () => performance.now(); // no clock, which somebody may set
  const soon = () => {
    if (sent) return;
    since ||= now();
    clearTimeout(timer);
    timer = setTimeout(save, Math.min(size > SMALL ? REST / 4 : REST, Math.max(0, since + LONGEST - now())));
  };
  const typed = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    for (const one of Object.values(window.CKEDITOR?.instances ?? {})) data.set(one.element.getAttribute("name"), one.getData());
    return data;
  };
  const content = (data) => [...data].filter(([name]) => !name.startsWith("_") && name !== "csrfmiddlewaretoken").join("\n");
  const settle = () => {
    if (saved !== null || Object.values(window.CKEDITOR?.instances ?? {}).some((one) => one.status !== "ready")) return;
    saved = isEarly ? "" : content(typed());
    if (!document.querySelector(".errornote")) return;
    saved = ""; // what was refused stands in this page alone
    soon();
  };

  function save() {
    clearTimeout(timer);
    if (!since || sent) return;
    if (sending || saved === null) return soon();
    // What was not answered may have been saved: it is sent once more, and then what came after it.
    const [data, text] = unanswered ?? [typed(), content(typed())];
    since = 0;
    if (text === saved) return;
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    sending = send(data, text).finally(() => { sending = null; });
  }
  async function ask(data) {
    const body = new URLSearchParams(data);
    size = body.toString().length;
    beaten = now();
    const signal = AbortSignal.timeout(20000);
    const answer = await fetch(location.href, { method: "POST", body, redirect: "manual", keepalive: size < SMALL, signal });
    const given = answer.headers.get("Content-Type")?.startsWith("application/json") && await answer.json();
    if (given && "here" in given) say(here, given.here);
    return [answer.status, given];
  }
  async function send(data, text) {
    data.set("_autosave", "1");
    try {
      const [code, given] = await ask(data);
      if (!given) throw code;
      isLost = false;
      unanswered = null;
      take(given);
      const isNew = code === 202 && await renewed();
      isOut = code === 202;
      if (isNew) return again();
      saved = isOut ? "" : text; // it is sent once more when they are back
      if (code === 413) since ||= now(); // it is nowhere yet
      else if (content(typed()) !== text) soon();
    } catch (problem) {
      isLost = true;
      unanswered = typeof problem === "number" ? null : [data, text]; // a number is an answer
      say(told, problem === 401 || problem === 403 ? words.out : words.lost);
      again();
    }
  }
  function again() { since ||= now(); clearTimeout(timer); timer = setTimeout(save, isLost ? LONGEST : 0); }
  function take({ message, seen = {}, kept = null, url = "", wrong = [] }) {
    for (const [name, value] of Object.entries({ ...seen, _kept: kept })) {
      let field = form.elements[name];
      if (!field) form.append(field = Object.assign(document.createElement("input"), { type: "hidden", name }));
      field.value = value ?? "";
    }
    if (url && !form.elements._popup) history.replaceState(history.state, "", url);
    for (const field of form.querySelectorAll(".desk-unread")) {
      field.classList.remove("desk-unread");
      field.removeAttribute("aria-invalid");
    }
    say(told, message);
    for (const [id, sentence] of wrong) {
      const field = document.getElementById(id);
      field?.classList.add("desk-unread");
      field?.setAttribute("aria-invalid", "true");
      const link = Object.assign(document.createElement("a"), { href: `#${id}`, textContent: sentence });
      link.addEventListener("click", (event) => { event.preventDefault(); field?.focus(); });
      told.append(" ", link);
    }
    if (!kept) document.querySelector(".kept-note")?.remove();
  }
  // Whoever has signed in again, in another tab, goes on here with a new token.
  async function renewed() {
    if (isOut) return false;
    const answer = await fetch(location.href, { redirect: "manual" });
    const page = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page && page.querySelector("[name=csrfmiddlewaretoken]");
    if (fresh) for (const one of document.querySelectorAll("[name=csrfmiddlewaretoken]")) one.value = fresh.value;
    return Boolean(fresh);
  }
  function beat() {
    if (document.hidden || sent || sending || now() - beaten < BEAT || now() - used > AWAY) return;
    const data = new FormData();
    data.set("_here", "1");
    data.set("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    ask(data).then(([code]) => code === 403 && renewed()).catch(() => {}); // signed in once more elsewhere
  }

  form.addEventListener("input", ({ target }) => { isEarly ||= saved === null && !target.name?.startsWith("_"); soon(); });
  form.addEventListener("change", soon);
  form.addEventListener("focusout", () => setTimeout(save, 300)); // not whoever presses a button
  // The buttons of the form and of the panel beside it wait for what is on its way: its answer would
  // come too late, and it would seem to be somebody else's.
  document.addEventListener("submit", (event) => {
    const goal = event.target, isOurs = goal === form;
    if (!isOurs && (goal.method !== "post" || !goal.id.startsWith("desk-"))) return;
    if (!isOurs && goal.id !== "desk-discard" && !isLost) save();
    if (!sending) { sent = true; return; }
    event.preventDefault();
    const button = event.submitter;
    sending.then(() => goal.requestSubmit(button));
  });
  window.addEventListener("focus", () => { if (isOut) { isOut = false; again(); } });
  window.addEventListener("online", () => { if (isLost) { isLost = false; again(); } });
  document.addEventListener("visibilitychange", () => (document.hidden ? save() : beat()));
  window.addEventListener("beforeunload", (event) => {
    if (sent || !since) return;
    if (!isLost) save(); // it is on its way before the tab is gone
    if (isLost || since || size >= SMALL) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  window.addEventListener("load", () => setTimeout(settle, 0));
  window.CKEDITOR?.on("instanceReady", ({ editor }) => {
    settle();
    editor.on("change", soon);
    editor.on("blur", save);
  });
  // Whoever left the desk is not here, and their session ends as if the form were closed.
  for (const sign of ["pointermove", "keydown", "scroll", "focus"]) window.addEventListener(sign, () => { used = now(); }, { passive: true });
  setInterval(beat, 1000);
  beat();
})();
