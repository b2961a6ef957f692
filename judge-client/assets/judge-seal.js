// What this tablet keeps of marks is encrypted by a key that no program can read (AES-GCM). The judge's
// PIN unlocks it, without a network too (docs/adr/0016-what-a-tablet-keeps-is-sealed.md). Over plain
// HTTP browsers have no such keys, and there is no `leitaiSeal`.
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
  window.leitaiSeal = {
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
    // A text to be kept under a name, encrypted.
    async close(key, name, plain) {
      const iv = random(12);
      const sealed = new Uint8Array(await subtle.encrypt(under(iv, name), key, text.encode(plain)));
      const whole = new Uint8Array(iv.length + sealed.length);
      whole.set(iv);
      whole.set(sealed, iv.length);
      return whole;
    },
    // The text again; rejected where it was kept by another key, or under another name.
    async open(key, name, whole) {
      const plain = await subtle.decrypt(under(whole.subarray(0, 12), name), key, whole.subarray(12));
      return new TextDecoder().decode(plain);
    },
  };
})();
