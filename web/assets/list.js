// A list on its way: how much of it is sent, that it is being looked over, a way to stop it, and what to do where the
// network breaks, with the file still chosen. And the rows that are left out as a grid: by keys as in a spreadsheet,
// and a block that is pasted spreads over the cells. Without this script the same forms do the same.
(() => {
  const make = (tag, fields) => Object.assign(document.createElement(tag), fields);
  let isUnsaved = false;

  const show = (request) => {
    const page = new DOMParser().parseFromString(request.responseText, "text/html");
    const main = page.querySelector("main");
    if (!main) return false;
    document.querySelector("main").replaceWith(document.adoptNode(main));
    document.title = page.title;
    isUnsaved = false;
    // What answers a form that was refused has no address of its own.
    if (request.status === 200 && request.responseURL !== location.href) history.pushState(null, "", request.responseURL);
    const head = document.querySelector("main h1");
    head.tabIndex = -1;
    head.focus({ preventScroll: true });
    scrollTo(0, 0);
    return true;
  };
  addEventListener("popstate", () => location.reload());

  const send = (form) => {
    const { dataset: words } = form;
    const isFile = form.enctype === "multipart/form-data";
    const sent = isFile ? new FormData(form) : new URLSearchParams(new FormData(form));
    const request = new XMLHttpRequest();
    const button = form.querySelector("button");
    for (const old of form.parentElement.querySelectorAll(":scope > .on-the-way")) old.remove();
    const box = make("div", { className: "on-the-way" });
    const said = make("p", { textContent: isFile ? words.sending : words.looking });
    said.setAttribute("role", "status");
    const bar = make("progress", { max: 1 });
    bar.setAttribute("aria-label", button.textContent);
    const stop = make("button", { type: "button", className: "quiet", textContent: words.stop });
    box.append(said, bar, ...(words.stop ? [stop] : []));
    form.after(box);
    button.disabled = true;
    const end = (text, isWrong = true) => {
      button.disabled = false;
      bar.remove();
      stop.remove();
      said.textContent = text;
      said.className = isWrong ? "wrong" : "";
      if (isWrong) said.setAttribute("role", "alert");
    };
    request.upload.addEventListener("progress", ({ loaded, total, lengthComputable }) => {
      if (isFile && lengthComputable) bar.value = loaded / total;
    });
    request.upload.addEventListener("load", () => {
      said.textContent = words.looking;
      bar.removeAttribute("value");
    });
    request.addEventListener("load", () => {
      if (new URL(request.responseURL).pathname.startsWith("/desk/sign-in")) return end(words.signedOut);
      if (request.status >= 400 && words.keeps !== undefined) {
        // What was chosen or typed stays as it is, beside why it was refused.
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        return end(page.querySelector("main .wrong")?.textContent || words.broken);
      }
      if (!show(request)) end(words.broken);
    });
    request.addEventListener("error", () => end(words.broken));
    request.addEventListener("abort", () => {
      end(words.stopped, false);
      button.focus();
    });
    stop.addEventListener("click", () => request.abort());
    request.open("POST", form.action);
    request.setRequestHeader("accept", "text/html");
    request.send(sent);
  };

  // ---- The grid

  const rows = () => [...document.querySelectorAll(".mend tr[data-row]")];
  const cells = (row) => [...row.querySelectorAll("input:not([type=hidden])")];
  const step = (input, down, right) => {
    const all = rows();
    const at = all.indexOf(input.closest("tr"));
    const row = all[at + down];
    const to = row && cells(row)[cells(all[at]).indexOf(input) + right];
    if (to) {
      to.focus();
      to.select();
    }
    return Boolean(to);
  };
  document.addEventListener("keydown", (event) => {
    const { target: input, key } = event;
    if (event.isComposing || event.keyCode === 229 || event.altKey || !input.matches?.(".mend input")) return;
    if (key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      input.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey) return;
    const isAll = input.selectionStart === 0 && input.selectionEnd === input.value.length;
    const isAtStart = input.selectionEnd === 0 || isAll;
    const isAtEnd = input.selectionStart === input.value.length || isAll;
    const steps = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      Enter: [event.shiftKey ? -1 : 1, 0],
      ...(isAtStart && !event.shiftKey && { ArrowLeft: [0, -1] }),
      ...(isAtEnd && !event.shiftKey && { ArrowRight: [0, 1] }),
    };
    if (!steps[key]) return;
    event.preventDefault();
    const hasMoved = step(input, ...steps[key]);
    if (!hasMoved && key === "Enter" && !event.shiftKey) input.form.querySelector("button").focus();
  });
  // Cells between tabs, rows between line ends; a cell with either in it stands in quotes.
  const block = (text) => {
    const read = [[]];
    for (const [, quoted, plain, ending] of text.replace(/\r?\n$/u, "").matchAll(/(?:"((?:[^"]|"")*)"|([^\t\r\n]*))(\t|\r?\n|\r|$)/gu)) {
      read.at(-1).push((quoted?.replaceAll('""', '"') ?? plain).replace(/\s+/gu, " ").trim());
      if (ending === "") break;
      if (ending !== "\t") read.push([]);
    }
    return read;
  };
  document.addEventListener("paste", (event) => {
    const { target: input } = event;
    const text = event.clipboardData.getData("text/plain");
    if (!input.matches?.(".mend input") || !/[\t\n\r]/u.test(text.replace(/\r?\n$/u, ""))) return;
    event.preventDefault();
    isUnsaved = true;
    const all = rows();
    const from = all.indexOf(input.closest("tr"));
    const left = cells(all[from]).indexOf(input);
    let lost = 0;
    block(text).forEach((line, down) => {
      line.forEach((value, right) => {
        const cell = all[from + down] && cells(all[from + down])[left + right];
        if (cell) cell.value = value;
        else lost += 1;
      });
    });
    const form = input.form;
    form.querySelector(".lost")?.remove();
    if (lost === 0) return;
    const note = make("p", { className: "lost", textContent: form.dataset.lost.replace("#", lost) });
    note.setAttribute("role", "alert");
    form.querySelector("button").before(note);
  });
  document.addEventListener("input", ({ target }) => {
    isUnsaved ||= Boolean(target.matches?.(".mend input"));
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-looking]")) {
      isUnsaved = false;
      return;
    }
    event.preventDefault();
    // One at a time, and what was mended is not lost by taking the rest in.
    if (document.querySelector(".on-the-way progress")) return;
    if (isUnsaved && !form.matches(".mend")) {
      const mend = document.querySelector("form.mend");
      mend.querySelector("button").focus();
      mend.classList.add("is-waiting");
      return;
    }
    send(form);
  });
  addEventListener("beforeunload", (event) => {
    if (isUnsaved) event.preventDefault();
  });
})();
