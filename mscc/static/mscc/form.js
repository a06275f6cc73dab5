// Helps while a form is filled in: an emergency is said at once, and a form is sent once.
(() => {
  const panel = document.querySelector("[data-mscc-emergency]");

  function emergency() {
    const form = panel.closest("form") || document;
    const chosen = (mark) => form.querySelector(`input[data-mscc-${mark}]:checked`) !== null;
    const both = chosen("cord") && (panel.hasAttribute("data-cancer-known") || chosen("cancer"));
    if (both === panel.hidden) panel.hidden = !both;
  }

  // A choice that opens more questions shows them while it is chosen.
  function reveal() {
    for (const choice of document.querySelectorAll("[data-mscc-reveals]")) {
      const more = document.getElementById(choice.dataset.msccReveals);
      const kind = choice.type === "radio" ? "radios" : "checkboxes";
      more.classList.toggle(`nhsuk-${kind}__conditional--hidden`, !choice.checked);
    }
  }

  // What stands behind a choice that was not taken is not sent.
  const unseen = (form) => form.querySelectorAll(
    ".nhsuk-radios__conditional--hidden :is(input, select, textarea), .nhsuk-checkboxes__conditional--hidden :is(input, select, textarea)"
  );

  function once(event) {
    const form = event.target;
    if (!form.matches("[data-mscc-form]")) return;
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "true";
    for (const box of unseen(form)) {
      box.disabled = true;
      box.dataset.unseen = "true";
    }
    const button = event.submitter || form.querySelector("button");
    if (button) {
      button.setAttribute("aria-busy", "true");
      button.dataset.said = button.textContent;
      button.textContent = "Sending …";
    }
  }

  function again() {
    for (const form of document.querySelectorAll("[data-mscc-form][data-sent]")) {
      delete form.dataset.sent;
      for (const box of form.querySelectorAll("[data-unseen]")) box.disabled = false;
      for (const button of form.querySelectorAll("[aria-busy]")) {
        button.removeAttribute("aria-busy");
        button.textContent = button.dataset.said;
      }
    }
  }

  document.addEventListener("submit", once);
  document.addEventListener("change", reveal);
  // Coming back, the browser may have put other choices in than the page was drawn with.
  window.addEventListener("pageshow", () => {
    again();
    reveal();
  });
  if (panel && panel.hidden) {
    document.addEventListener("change", emergency);
    emergency();
  }
})();
