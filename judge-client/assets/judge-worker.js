// Lets the judge's app open without a network. Before this text stand VERSION, a hash of what is
// listed, and FILES, the addresses of everything that the app loads; both are written when the
// program is built. What is asked of the server is never kept.
const CACHE = `judge-${VERSION}`;
const PAGE = "/judge";

self.addEventListener("install", (event) => {
  // All or nothing; a new version then waits until the app says that nobody is on a sheet.
  event.waitUntil(
    caches.open(CACHE).then((cache) =>
      cache.addAll([PAGE, ...FILES].map((path) => new Request(path, { cache: "reload", credentials: "same-origin" }))),
    ),
  );
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  const isOld = (name) => name.startsWith("judge-") && name !== CACHE;
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter(isOld).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { method, mode, url } = event.request;
  const { origin, pathname } = new URL(url);
  if (method !== "GET" || origin !== self.location.origin) return;
  const isPage = mode === "navigate" && pathname === PAGE;
  if (!isPage && !FILES.includes(pathname)) return;
  event.respondWith(
    caches.match(isPage ? PAGE : pathname).then((kept) => kept ?? fetch(event.request)),
  );
});
