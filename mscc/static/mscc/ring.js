// Asks the browser for leave to ring and for its keys, and sends them with the form around it.
for (const form of document.querySelectorAll("[data-ring]")) {
  const said = form.querySelector("[data-ring-said]");
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const switchOn = async () => {
    if (!("serviceWorker" in navigator) || !("PushManager" in window)) {
      return "This browser cannot be rung. Use another one, or your pager or telephone.";
    }
    if ((await Notification.requestPermission()) !== "granted") {
      return "You, or whoever looks after this machine, told the browser not to show messages of this site. Change that beside the address, and try again.";
    }
    const worker = await navigator.serviceWorker.register(form.dataset.worker);
    while (!worker.active) await new Promise((later) => setTimeout(later, 50));
    const old = await worker.pushManager.getSubscription();
    if (old) await old.unsubscribe();
    const given = await worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(form.dataset.ring),
    });
    const { endpoint, keys } = given.toJSON();
    form.elements.endpoint.value = endpoint;
    form.elements.p256dh.value = keys.p256dh;
    form.elements.auth.value = keys.auth;
    form.submit();
    return "One moment.";
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    switchOn()
      .catch(() => "The browser could not reach its maker. Try again later.")
      .then((words) => {
        said.textContent = words;
      });
  });
}
