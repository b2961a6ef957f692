// <signature-pad>: where a signature is drawn with a finger or a pen, and how one that was drawn looks. Its
// value is what `protocol::drawing` says: strokes in whole numbers, as SVG writes a path; empty while
// nothing is drawn that could be a signature. A form that it stands in sends it under the pad's name. `shows` says what stands there: strokes, the address of a
// picture, nothing, or, as a digest, what is to be signed.
(() => {
  if (customElements.get("signature-pad")) return;
  const [WIDTH, HEIGHT, BYTES_MAX] = [1000, 400, 4096];
  // A touch by mistake is no signature: it has to reach that far.
  const REACH = 60;
  // What the server takes.
  const FORM = /^(M\d+,\d+l-?\d+,-?\d+( -?\d+,-?\d+)*)+$/;
  const SVG = "http://www.w3.org/2000/svg";
  // What asks, what clears and what shows, in the language of the page.
  const words = () =>
    document.documentElement.lang.startsWith("en")
      ? ["Sign here by finger or pen", "Clear", "Your signature"]
      : ["请在这里手写签名", "清除", "您的签名"];
  const within = (number, most) => Math.min(most, Math.max(0, Math.round(number)));

  // Leaves out points that lie no further than that from the line between those that stay.
  const simplify = (points, far) => {
    const [first, last] = [points[0], points.at(-1)];
    const [dx, dy] = [last[0] - first[0], last[1] - first[1]];
    const long = Math.hypot(dx, dy);
    const away = ([x, y]) =>
      long ? Math.abs(dy * (x - first[0]) - dx * (y - first[1])) / long : Math.hypot(x - first[0], y - first[1]);
    let [at, most] = [0, far];
    for (let i = 1; i < points.length - 1; i++) if (away(points[i]) > most) [at, most] = [i, away(points[i])];
    if (!at) return points.length > 1 ? [first, last] : points;
    return [...simplify(points.slice(0, at + 1), far).slice(0, -1), ...simplify(points.slice(at), far)];
  };
  const path = (points) => {
    const steps = points.slice(1).map(([x, y], i) => `${x - points[i][0]},${y - points[i][1]}`);
    return `M${points[0]}l${steps.join(" ") || "0,0"}`;
  };
  const write = (strokes, far) => strokes.map((points) => path(simplify(points, far))).join("");

  const make = (parent, name, attributes) => {
    const element = parent.appendChild(document.createElementNS(SVG, name));
    for (const key in attributes) element.setAttribute(key, attributes[key]);
    return element;
  };

  customElements.define(
    "signature-pad",
    class extends HTMLElement {
      static observedAttributes = ["shows"];
      static formAssociated = true;
      #form = this.attachInternals();
      #strokes = [];
      #say = () => {};
      #language = new MutationObserver(() => this.#say(...words()));
      value = "";

      connectedCallback() {
        this.#language.observe(document.documentElement, { attributeFilter: ["lang"] });
      }

      disconnectedCallback() {
        this.#language.disconnect();
      }

      attributeChangedCallback(name, before, now) {
        if (before === now) return;
        this.#show(now);
        this.#say(...words());
      }

      #show(shows) {
        this.#strokes = [];
        this.replaceChildren();
        this.className = !shows ? "" : /^[M/]/.test(shows) ? "shown" : "drawable";
        this.#say = () => {};
        if (this.value) this.#tell();
        if (shows.startsWith("/")) {
          const picture = this.appendChild(document.createElement("img"));
          picture.src = shows;
          this.#say = (ask, clear, own) => (picture.alt = own);
        } else if (shows) {
          const sheet = make(this, "svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
          const isShown = shows.startsWith("M");
          if (!isShown) make(sheet, "path", { d: "M60,320H940", class: "line" });
          const ink = make(sheet, "path", { d: isShown ? shows : "" });
          this.#say = (ask, clear, own) => (sheet.ariaLabel = isShown ? own : ask);
          if (!isShown) this.#take(sheet, ink);
        }
      }

      // Takes strokes.
      #take(sheet, ink) {
        const hint = this.appendChild(document.createElement("span"));
        hint.ariaHidden = "true";
        const clear = this.appendChild(document.createElement("button"));
        clear.type = "button";
        this.#say = (ask, clears) => ([hint.textContent, clear.textContent, sheet.ariaLabel] = [ask, clears, ask]);
        let drawing = null;
        const draw = () => {
          ink.setAttribute("d", this.#strokes.map(path).join(""));
          clear.hidden = !this.#strokes.length;
          hint.hidden = !clear.hidden;
        };
        const add = (event) => {
          const box = sheet.getBoundingClientRect();
          const x = within(((event.clientX - box.left) * WIDTH) / box.width, WIDTH);
          const y = within(((event.clientY - box.top) * HEIGHT) / box.height, HEIGHT);
          const last = drawing.at(-1);
          if (!last || last[0] !== x || last[1] !== y) drawing.push([x, y]);
        };
        sheet.onpointerdown = (event) => {
          // A second finger, or the hand that holds the pen, draws nothing.
          if (drawing || !event.isPrimary || event.button) return;
          event.preventDefault();
          sheet.setPointerCapture(event.pointerId);
          this.#strokes.push((drawing = []));
          add(event);
          draw();
        };
        sheet.onpointermove = (event) => {
          if (!drawing || !event.isPrimary) return;
          const all = event.getCoalescedEvents?.() ?? [];
          for (const one of all.length ? all : [event]) add(one);
          draw();
        };
        sheet.onpointerup = sheet.onpointercancel = (event) => {
          if (!drawing || !event.isPrimary) return;
          this.#strokes[this.#strokes.length - 1] = simplify(drawing, 1);
          drawing = null;
          draw();
          this.#tell();
        };
        clear.onclick = () => {
          this.#strokes = [];
          drawing = null;
          draw();
          this.#tell();
        };
        draw();
      }

      // Says what is drawn by now.
      #tell() {
        const reach = [0, 1].map((axis) => {
          const all = this.#strokes.flat().map((point) => point[axis]);
          return Math.max(...all) - Math.min(...all);
        });
        this.value = "";
        if (Math.max(...reach) >= REACH) {
          let far = 1;
          do this.value = write(this.#strokes, (far *= 1.5));
          while (this.value.length > BYTES_MAX && far < WIDTH);
          if (this.value.length > BYTES_MAX || !FORM.test(this.value)) this.value = "";
        }
        this.#form.setFormValue(this.value);
        this.dispatchEvent(new Event("change", { bubbles: true }));
      }
    },
  );
})();
