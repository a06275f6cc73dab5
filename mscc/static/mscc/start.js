// Starts the NHS components, and moves focus to what the last action had to say.
(() => {
  const source = document.currentScript.dataset.nhsuk;
  const said = document.querySelector("[data-mscc-focus]");
  if (said) said.focus();
  // A page without components has nothing to load them for.
  if (document.querySelector("[data-module]:not(.nhsuk-skip-link)")) {
    import(source).then((nhsuk) => nhsuk.initAll());
  }
})();
