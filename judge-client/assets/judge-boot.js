// Starts the judge's app, and says so where it cannot run. What was entered is in the browser's
// database and is not touched here.
(() => {
  const { script, wasm, notes } = document.currentScript.dataset;
  const root = document.documentElement;
  const fail = () => root.classList.add("has-failed");
  if (!script || typeof WebAssembly !== "object" || !("WebSocket" in window)) {
    fail();
    return;
  }
  // The app asks for them once somebody is signed in.
  window.openNotes = (...seat) => import(notes).then((module) => module.open(...seat));
  import(script)
    .then((judge) => judge.default({ module_or_path: wasm }))
    .catch(fail);
})();
