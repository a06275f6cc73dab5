// A part of the page that looks again by itself: <div data-again="/url/" data-every="3">.
for (const part of document.querySelectorAll("[data-again]")) {
  const look = async () => {
    if (document.hidden || part.contains(document.activeElement)) return;
    const answer = await fetch(part.dataset.again, { headers: { "X-Requested-With": "fetch" } });
    if (answer.ok) part.innerHTML = await answer.text();
  };
  setInterval(() => look().catch(() => {}), 1000 * part.dataset.every);
}
