// Shows a page as a message of the browser, and opens it when it is chosen. Keeps nothing.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("push", (event) => {
  let said = { title: "MSCC alert", body: "Open the board.", link: "", tag: "mscc" };
  try {
    said = { ...said, ...event.data.json() };
  } catch {
    // Whatever is wrong with it: somebody has to look at the board now.
  }
  event.waitUntil(
    self.registration.showNotification(said.title, {
      body: said.body,
      tag: said.tag,
      renotify: true,
      requireInteraction: true,
      data: { link: said.link },
    }),
  );
});
self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const link = new URL(event.notification.data.link || "/board/", self.location.origin);
  if (link.origin === self.location.origin) event.waitUntil(self.clients.openWindow(link.href));
});
