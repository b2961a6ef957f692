// Starts the page's live part once the page stands still, and without it loads the page again from
// time to time: where wasm or websockets are missing, or when the live part fails.
(() => {
  const { script, wasm, refresh, at } = document.currentScript.dataset;
  // What a page says of the last act it says once: loaded again, it is the plain page.
  if (at) history.replaceState(null, "", at);
  let timer;
  const fallBack = () => {
    timer ??= setTimeout(reload, refresh * 1000);
  };
  // What somebody is about to do or types is not taken from under their hands.
  const isInUse = () =>
    document.querySelector(".confirm[open], .chief .folded[open]") || document.activeElement?.matches("input, select, textarea");
  // Only what answers is loaded: what is shown is better than a browser's own word of an error.
  const reload = () =>
    fetch(location.href, { method: "HEAD", cache: "no-store" })
      .then(({ ok }) => ok && !isInUse() && location.reload(), () => {})
      .then(() => {
        timer = undefined;
        fallBack();
      });
  // The live part says so itself where it cannot go on.
  addEventListener("fallback", fallBack);
  if (!script || typeof WebAssembly !== "object" || !("WebSocket" in window)) {
    fallBack();
    return;
  }
  // Wasm that fails throws, and leaves a page that looks alive.
  addEventListener("error", fallBack);
  addEventListener("unhandledrejection", fallBack);
  const start = () =>
    import(script)
      .then((live) => live.default({ module_or_path: wasm }))
      .catch(fallBack);
  const whenIdle = () =>
    "requestIdleCallback" in window ? requestIdleCallback(start, { timeout: 2000 }) : setTimeout(start, 200);
  if (document.readyState === "complete") whenIdle();
  else addEventListener("load", whenIdle);
})();
