/* Keeps what somebody types while they type, so that no crash, closed tab, lost network or ended
   session takes more than five seconds of it: awareness/desk/kept.py. It is no draft yet. */
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const form = document.querySelector("#content-main form[id$='_form']");
  const buttons = form?.querySelector(".submit-row:last-of-type");
  if (!buttons) return;
  const REST = 2000, LONGEST = 5000; // milliseconds after the last key, after the first
  const MOST_AT_THE_END = 60000; // what a browser sends of a tab that is going away
  const told = document.createElement("p");
  told.className = "desk-kept";
  told.setAttribute("role", "status");
  buttons.append(told);

  const leaving = new AbortController();
  let timer = 0, since = 0, sent = false, sending = false, isOut = false;
  const soon = () => {
    if (sent) return;
    since ||= Date.now();
    clearTimeout(timer);
    timer = setTimeout(keep, Math.min(REST, Math.max(0, since + LONGEST - Date.now())));
  };
  const typed = () => {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    for (const one of Object.values(window.CKEDITOR?.instances ?? {})) data.set(one.element.getAttribute("name"), one.getData());
    data.set("_keep", "1");
    return new URLSearchParams(data);
  };
  // What the item would be, without notes to colleagues and what the form itself needs.
  const content = (data) => [...data].filter(([name]) => !name.startsWith("_") && name !== "csrfmiddlewaretoken").join("\n");
  let opened = null;
  const settle = () => {
    if (Object.values(window.CKEDITOR?.instances ?? {}).every((one) => one.status === "ready")) opened ??= content(typed());
  };
  window.addEventListener("load", settle);
  async function keep() {
    if (!since || sent) return;
    if (sending || opened === null) return soon();
    since = 0;
    clearTimeout(timer);
    const body = typed();
    if (!form.elements._kept && content(body) === opened) return; // it is as it was
    sending = true;
    try {
      const keepalive = document.hidden && body.toString().length < MOST_AT_THE_END;
      const answer = await fetch(location.href, { method: "POST", body, redirect: "manual", keepalive, signal: leaving.signal });
      if (answer.ok) mark(await answer.text());
      if (answer.status === 200) {
        const at = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" });
        told.textContent = words.kept.replace("{time}", at);
        isOut = false;
      } else if (answer.status === 202) {
        if (await renewed()) soon();
        else told.textContent = words.out;
        isOut = true;
      } else told.textContent = answer.status === 413 ? words.long : words.lost;
    } catch {
      if (sent) return; // let go of, since the form itself is on its way
      told.textContent = words.lost;
      soon();
    }
    sending = false;
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
  // Which of the texts that are kept stands in the form: it goes when the form is saved.
  function mark(number) {
    let field = form.elements._kept;
    if (!field) {
      field = Object.assign(document.createElement("input"), { type: "hidden", name: "_kept" });
      form.append(field);
    }
    field.value = number;
  }

  form.addEventListener("input", soon);
  form.addEventListener("change", soon);
  form.addEventListener("focusout", () => setTimeout(keep, 300)); // not whoever presses a button
  form.addEventListener("submit", () => { sent = true; leaving.abort(); });
  window.addEventListener("focus", () => { if (isOut) { isOut = false; since = Date.now(); keep(); } });
  document.addEventListener("visibilitychange", () => document.hidden && keep());
  window.CKEDITOR?.on("instanceReady", ({ editor }) => {
    settle();
    editor.on("change", soon);
    editor.on("blur", keep);
  });
})();
