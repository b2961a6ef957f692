// Lets the example follow the rules that are typed: the form is sent a moment after the last change, and what comes
// back takes the place of the preview. What is wrong is put below its field, as the server's own page does.
(() => {
  const PAUSE_MS = 300;
  const form = document.querySelector("form.rules");
  const place = document.getElementById("preview");
  if (!form || !place) return;
  let waits = 0;
  let asked = 0;

  const say = () => {
    for (const old of form.querySelectorAll(".of-field")) old.remove();
    for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
    for (const fault of place.querySelectorAll("[data-field]")) {
      const field = form.elements.namedItem(fault.dataset.field);
      const isError = fault.classList.contains("is-error");
      const words = document.createElement("p");
      words.className = isError ? "wrong of-field" : "look of-field";
      words.textContent = fault.querySelector("span").textContent;
      if (!field) continue;
      if (isError) field.setAttribute("aria-invalid", "true");
      field.closest(".rule-field").append(words);
    }
  };

  // What a group's heading says of it.
  const count = () => {
    for (const group of form.querySelectorAll(".rule-group")) {
      const state = group.querySelector("summary .state");
      const changed = group.querySelectorAll(".changed:not(.state, [hidden]), .row-changed").length;
      const faults = group.querySelectorAll(".of-field").length;
      const word = faults > 0 ? "faulty" : changed > 0 ? "changed" : "same";
      state.className = word === "same" ? "state" : `state ${word}`;
      state.textContent = state.dataset[word].replace("{}", faults || changed);
    }
  };

  const ask = async () => {
    asked += 1;
    const own = asked;
    place.setAttribute("aria-busy", "true");
    let shown = null;
    try {
      const answer = await fetch(form.dataset.preview, { method: "POST", body: new URLSearchParams(new FormData(form)) });
      if (answer.ok && !answer.redirected) shown = await answer.text();
    } catch {
      // Told below: the server was not reached.
    }
    // What was asked for later comes later, and counts.
    if (own !== asked) return;
    place.removeAttribute("aria-busy");
    if (shown === null) {
      const words = document.createElement("p");
      words.className = "wrong";
      words.setAttribute("role", "alert");
      words.textContent = place.dataset.failed;
      place.querySelector(":scope > .wrong[role=alert]")?.remove();
      place.prepend(words);
      return;
    }
    place.innerHTML = shown;
    say();
    count();
  };

  // What was typed is lost with the page; a button of the form takes it along.
  let isUnsaved = false;
  form.addEventListener("submit", () => {
    isUnsaved = false;
  });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });
  form.addEventListener("input", ({ target }) => {
    isUnsaved = true;
    const field = target.closest(".rule-field[data-preset]");
    if (field) field.querySelector(".changed").hidden = target.value.trim() === field.dataset.preset.trim();
    count();
    clearTimeout(waits);
    waits = setTimeout(ask, PAUSE_MS);
  });
})();
