// Tests what a device must be able to do before a judge relies on it, and marks each line of the page.
// The words stand in the page.
(() => {
  const WITHIN_MS = 10_000;
  const CLOCK_SECONDS = 10;
  const TRIP_MS = 500;
  const DATABASE = "leitai-ready";

  const ask = () => fetch("/healthz", { method: "HEAD", cache: "no-store" });
  // Each gives whether it is fine, or that and a figure; what throws is missing.
  const tests = {
    secure: () => isSecureContext,
    // The same worker, for the same pages, as the marking page has.
    worker: async () => {
      const { installing, waiting, active } = await navigator.serviceWorker.register("/judge/worker.js", { scope: "/judge" });
      if (waiting || active) return true;
      return new Promise((done) => {
        installing.onstatechange = () => done(installing.state !== "redundant");
      });
    },
    persistence: async () => (await navigator.storage.persisted()) || navigator.storage.persist(),
    // On the disk, not on its way there.
    write: () =>
      new Promise((done, failed) => {
        const opening = indexedDB.open(DATABASE, 1);
        opening.onupgradeneeded = () => opening.result.createObjectStore("tries");
        opening.onerror = failed;
        opening.onsuccess = () => {
          const writing = opening.result.transaction("tries", "readwrite", { durability: "strict" });
          writing.objectStore("tries").put(Date.now(), "last");
          writing.onabort = failed;
          writing.oncomplete = () => {
            opening.result.close();
            indexedDB.deleteDatabase(DATABASE);
            done(writing.durability === "strict");
          };
        };
      }),
    wake: async () => {
      const lock = await navigator.wakeLock.request("screen");
      await lock.release();
      return true;
    },
    // The server says whole seconds, of which half a one has passed as a rule.
    clock: async () => {
      const asked = Date.now();
      const { headers } = await ask();
      const here = (asked + Date.now()) / 2;
      const seconds = Math.round(Math.abs(here - Date.parse(headers.get("date")) - 500) / 1000);
      return [seconds <= CLOCK_SECONDS, seconds];
    },
    // The middle one of five.
    trip: async () => {
      const trips = [];
      while (trips.length < 5) {
        const asked = performance.now();
        await ask();
        trips.push(performance.now() - asked);
      }
      const ms = Math.round(trips.sort((a, b) => a - b)[2]);
      return [ms <= TRIP_MS, ms];
    },
    socket: () =>
      new Promise((done, failed) => {
        const socket = new WebSocket(`${location.origin.replace("http", "ws")}/api/live-socket?topic=circuit`);
        socket.onmessage = () => {
          socket.close();
          done(true);
        };
        socket.onclose = socket.onerror = failed;
      }),
  };

  const late = () => new Promise((_, failed) => setTimeout(failed, WITHIN_MS));
  const test = async (line) => {
    line.dataset.state = "testing";
    const [isFine, figure] = await Promise.race([tests[line.dataset.test](), late()])
      .then((given) => [given].flat(), () => [false]);
    const output = line.querySelector("output");
    if (output) output.value = figure ?? "–";
    line.dataset.state = isFine ? "fine" : "missing";
    return isFine;
  };

  const lines = [...document.querySelectorAll("[data-test]")];
  const verdict = document.querySelector(".verdict");
  const again = document.querySelector(".acts button");
  const run = async () => {
    again.disabled = true;
    verdict.dataset.state = "testing";
    // One by one, so that none slows another down.
    let areFine = true;
    for (const line of lines) areFine = (await test(line)) && areFine;
    verdict.dataset.state = areFine ? "fine" : "missing";
    again.disabled = false;
  };
  again.onclick = run;
  again.hidden = false;
  run();
})();
