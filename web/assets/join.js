// The secret of an invitation stands behind the address's #, which no server and no log is told. Put into
// the forms it leaves the address.
(() => {
  const code = location.hash.slice(1);
  if (!code) return;
  for (const field of document.querySelectorAll("[name=code]")) field.value = decodeURIComponent(code);
  history.replaceState(null, "", location.pathname);
})();
