// The keys of a judge's tablet, which no program can read. By one it signs what it enters (ECDSA,
// docs/adr/0012). By the other it encrypts what it keeps of marks (AES-GCM): the judge's PIN unlocks
// that, without a network too (docs/adr/0016). Over plain HTTP browsers have no such keys, and there is
// no `leitaiKeys`.
(() => {
  const subtle = isSecureContext && crypto.subtle;
  if (!subtle) return;
  // OWASP's floor for PBKDF2 with SHA-256.
  const ROUNDS = 600_000;
  const USES = ["encrypt", "decrypt"];
  const text = new TextEncoder();
  const bytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => Number.parseInt(pair, 16));
  const random = (length) => crypto.getRandomValues(new Uint8Array(length));
  const by = (iv) => ({ name: "AES-GCM", iv });
  // The name that something is kept under belongs to it: it cannot be put in another's place.
  const under = (iv, name) => ({ ...by(iv), additionalData: text.encode(name) });
  const ofPin = async (pin, salt) => {
    const known = await subtle.importKey("raw", text.encode(pin), "PBKDF2", false, ["deriveKey"]);
    const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: ROUNDS };
    return subtle.deriveKey(how, known, { name: "AES-GCM", length: 256 }, false, ["encrypt", "unwrapKey"]);
  };
  // A tab that opens beside one that is unlocked, as a label's does, borrows its key: a camera opens a
  // page of its own each time, and nobody types a PIN for each.
  const tabs = new BroadcastChannel("leitai-seal");
  const BORROWS_WITHIN_MS = 200;
  let held = {};
  tabs.addEventListener("message", ({ data: { wants } }) => {
    if (wants && wants === held.lock) tabs.postMessage(held);
  });
  window.leitaiKeys = {
    // A pair to sign by.
    pair: () => subtle.generateKey({ name: "ECDSA", namedCurve: "P-256" }, false, ["sign", "verify"]),
    async publicPart({ publicKey }) {
      return new Uint8Array(await subtle.exportKey("raw", publicKey));
    },
    async sign({ privateKey }, bytes) {
      return new Uint8Array(await subtle.sign({ name: "ECDSA", hash: "SHA-256" }, privateKey, bytes));
    },

    // From now on this tab lends that key, or none.
    hold(lock, key) {
      held = { lock, key };
    },
    // The key of an unlocked tab beside this one; null where there is none.
    borrow: (wants) =>
      new Promise((done) => {
        const hear = ({ data: { lock, key } }) => lock === wants && end(key);
        const end = (key) => {
          tabs.removeEventListener("message", hear);
          done(key ?? null);
        };
        tabs.addEventListener("message", hear);
        tabs.postMessage({ wants });
        setTimeout(end, BORROWS_WITHIN_MS);
      }),
    // The key of a secret's 64 digits.
    take: (hex) => subtle.importKey("raw", bytes(hex), "AES-GCM", false, USES),
    // The same secret under a PIN, to be kept.
    async lock(hex, pin) {
      const [salt, iv] = [random(16), random(12)];
      return { salt, iv, sealed: await subtle.encrypt(by(iv), await ofPin(pin, salt), bytes(hex)) };
    },
    // The key again; rejected where the PIN is another.
    async unlock({ salt, iv, sealed }, pin) {
      return subtle.unwrapKey("raw", sealed, await ofPin(pin, salt), by(iv), "AES-GCM", false, USES);
    },
    // A text, or bytes, to be kept under a name, encrypted.
    async close(key, name, plain) {
      const iv = random(12);
      const data = typeof plain === "string" ? text.encode(plain) : plain;
      const sealed = new Uint8Array(await subtle.encrypt(under(iv, name), key, data));
      const whole = new Uint8Array(iv.length + sealed.length);
      whole.set(iv);
      whole.set(sealed, iv.length);
      return whole;
    },
    // The text again; rejected where it was kept by another key, or under another name.
    async open(key, name, whole) {
      return new TextDecoder().decode(await this.openBytes(key, name, whole));
    },
    openBytes: (key, name, whole) =>
      subtle.decrypt(under(whole.subarray(0, 12), name), key, whole.subarray(12)),
  };
})();
