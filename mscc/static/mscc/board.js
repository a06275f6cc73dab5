// Keeps the board fresh: polls, says how old it is, and shouts when it is stale.
// The server judges what is urgent; nothing here computes a deadline.
(() => {
  const board = document.getElementById("board");
  if (!board) return;
  const every = 1000 * Number(board.dataset.interval || 5);
  const tooOld = 1000 * Number(board.dataset.staleAfter || 60);
  const live = document.getElementById("board-live");
  const stale = document.getElementById("board-stale");
  const said = document.getElementById("board-said");
  const sound = document.getElementById("board-sound");
  const keys = document.getElementById("board-keys");
  const drawn = new Map(); // id of a row -> its markup as the server sent it
  let etag = "";
  let freshAt = Date.now();
  let why = "";
  let asking = false;

  const clockTime = (ms) => new Date(ms).toLocaleTimeString("en-GB", { timeZone: "Europe/London" });
  const rows = () => [...document.querySelectorAll("#board-list > li")];

  function remember(list) {
    for (const row of list) drawn.set(row.id, row.outerHTML);
  }

  // Put the new rows in place of the old; a row that is open, or has the focus, keeps both.
  function mergeRows(old, fresh) {
    const wanted = [...fresh.children];
    const keep = new Set(wanted.map((row) => row.id));
    for (const row of [...old.children]) if (!keep.has(row.id)) row.remove();
    let place = old.firstElementChild;
    for (const row of wanted) {
      const markup = row.outerHTML;
      let here = document.getElementById(row.id);
      if (here && drawn.get(row.id) !== markup) {
        const open = here.querySelector("details[open]");
        if (open) row.querySelector("details").open = true;
        if (here === place) place = row;
        here.replaceWith(row);
        here = row;
      } else if (!here) {
        row.dataset.fresh = "true";
        here = row;
      }
      if (here === place) place = place.nextElementSibling;
      else old.insertBefore(here, place);
      drawn.set(row.id, markup);
    }
  }

  function show(text) {
    const page = new DOMParser().parseFromString(text, "text/html");
    const list = page.getElementById("board-list");
    const counts = page.getElementById("board-counts");
    if (!list || !counts) throw new Error("You may have been signed out: load the page again.");
    const old = document.getElementById("board-list");
    const focus = document.activeElement && document.activeElement.id;
    // What the eye is on stays where it is, whatever arrives above it.
    const anchor = focus && old.contains(document.activeElement) ? focus : (rows().find((r) => r.getBoundingClientRect().bottom > 0) || {}).id;
    const top = anchor ? document.getElementById(anchor).getBoundingClientRect().top : 0;
    if (old.tagName === "OL" && list.tagName === "OL") mergeRows(old, list);
    else {
      old.replaceWith(list);
      remember(rows());
    }
    const still = anchor && document.getElementById(anchor);
    if (still && window.scrollY > 0) window.scrollBy(0, still.getBoundingClientRect().top - top);
    if (focus && document.activeElement === document.body) document.getElementById(focus)?.focus({ preventScroll: true });
    announce(counts);
  }

  function announce(counts) {
    const before = document.getElementById("board-counts");
    if (before.textContent === counts.textContent) return;
    const unread = (list) => Number(list.querySelector("[data-unread]")?.dataset.unread || 0);
    if (unread(counts) > unread(before)) beep();
    before.replaceWith(counts);
    if (said) said.textContent = [...counts.children].map((li) => li.textContent.trim()).join(", ");
  }

  function beep() {
    if (!sound || !sound.checked) return;
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = 660;
    volume.gain.setValueAtTime(0.2, audio.currentTime);
    volume.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + 0.8);
    tone.connect(volume).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + 0.8);
    tone.onended = () => audio.close();
  }

  async function ask() {
    if (asking) return;
    asking = true;
    try {
      const headers = { "X-Requested-With": "fetch" };
      if (etag) headers["If-None-Match"] = etag;
      const answer = await fetch(board.dataset.poll, { headers, cache: "no-store", redirect: "manual", signal: AbortSignal.timeout(10000) });
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) throw new Error("You have been signed out: load the page again to sign in.");
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error("The server answers with an error.");
        show(await answer.text());
        etag = answer.headers.get("ETag") || "";
      }
      freshAt = Date.now();
      why = "";
    } catch (wrong) {
      why = wrong instanceof TypeError || wrong.name === "TimeoutError" ? "The server does not answer." : wrong.message;
    } finally {
      asking = false;
      age();
    }
  }

  function age() {
    const old = Date.now() - freshAt;
    const seconds = Math.max(0, Math.round(old / 1000));
    live.textContent = why && seconds > 10 ? `Last news ${seconds} s ago, trying again` : `Live, ${seconds} s ago`;
    live.dataset.age = why ? "old" : "fresh";
    const isStale = old > tooOld;
    board.dataset.stale = isStale;
    const reason = stale.querySelector("[data-stale-why]");
    if (reason.textContent !== why) reason.textContent = why;
    if (isStale === !stale.hidden) return;
    stale.querySelector("[data-stale-since]").textContent = clockTime(freshAt);
    stale.hidden = !isStale;
  }

  function move(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const typing = event.target.closest("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && (!keys || keys.checked)) {
      const search = document.querySelector("[data-board-search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
      return;
    }
    const row = event.target.closest("#board-list > li");
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!row || typing || !step) return;
    const all = rows();
    const next = Math.min(Math.max(all.indexOf(row) + step, 0), all.length - 1);
    event.preventDefault();
    all[next].querySelector("summary")?.focus();
  }

  for (const part of document.querySelectorAll("[data-mscc-script]")) part.hidden = false;
  remember(rows());
  age();
  setInterval(age, 1000);
  setInterval(ask, every);
  document.addEventListener("keydown", move);
  // A page that was asleep or comes back from the browser's memory asks before it is believed.
  document.addEventListener("visibilitychange", () => document.hidden || ask());
  window.addEventListener("pageshow", (event) => event.persisted && ask());
})();
