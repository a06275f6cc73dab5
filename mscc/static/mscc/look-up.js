// Looks for an open referral while the number is still in the coordinator's ear.
(() => {
  const box = document.querySelector("[data-mscc-look-up]");
  const field = box && document.querySelector(`[name="${box.dataset.field}"]`);
  if (!field) return;
  let asked = "";

  async function lookUp() {
    const number = field.value.replace(/[^0-9]/g, "");
    if (number.length !== 10 || number === asked) return;
    asked = number;
    const typed = new FormData();
    typed.set(box.dataset.field, field.value);
    typed.set("csrfmiddlewaretoken", field.form.csrfmiddlewaretoken.value);
    try {
      const answer = await fetch(box.dataset.msccLookUp, { method: "POST", body: typed });
      // It is asked again when the form is sent: a lost answer here loses nothing.
      if (answer.ok) box.innerHTML = await answer.text();
    } catch {
      asked = "";
    }
  }

  field.addEventListener("change", lookUp);
  if (!field.value) field.focus();
})();
