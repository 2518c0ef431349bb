// Results come into the page, so that searching makes no entry in the browser's history.
(() => {
  "use strict";
  const form = document.querySelector("form.search");
  const results = document.getElementById("results");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      results.replaceChildren(...page.getElementById("results").childNodes);
    } catch {
      form.submit();
    }
  });
})();
