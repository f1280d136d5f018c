/* Small behaviours that links and forms cannot do alone. Every page works without this file.
   toasts · notices for refused requests · focus contract · tick for live pages · busy buttons · offline banner ·
   drop zones · menus. No framework, no inline code, no eval (strict Content-Security-Policy). */
(() => {
  "use strict";
  const $ = (selector, root = document) => root.querySelector(selector);
  const on = (type, handler, target = document) => target.addEventListener(type, handler);
  const node = (tag, className, text = "") => Object.assign(document.createElement(tag), { className, textContent: text });

  /* Toast: one at a time, in the status region that is there from first load; stays until dismissed or the next one. */
  function toast(text) {
    const region = $("#toasts");
    if (!region || !text) return;
    const box = node("div", "toast");
    const close = node("button", "", "Dismiss");
    close.type = "button";
    close.addEventListener("click", () => box.remove());
    box.append(node("span", "", text), close);
    region.replaceChildren(box);
  }

  /* Notice: what was refused and why, above the page, announced at once. Errors are never toasts. */
  function notice(text) {
    const region = $("#notices");
    if (!region) return;
    const box = node("div", "notice r");
    const mark = $("#mark-r")?.content.cloneNode(true);
    if (mark) box.append(mark);
    box.append(node("p", "", text));
    region.replaceChildren(box);
    dismissable();
  }
  function dismissable() {
    for (const box of document.querySelectorAll("#notices > :not(:has(.linkbtn))")) {
      const close = node("button", "linkbtn", "Dismiss");
      close.type = "button";
      close.addEventListener("click", () => box.remove());
      box.append(close);
    }
  }
  on("htmx:after:settle", dismissable);

  on("htmx:after:request", (event) => {
    const ctx = event.detail.ctx;
    const header = ctx.response.headers.get("HX-Trigger");
    if (header?.startsWith("{")) {
      try {
        toast(JSON.parse(header).toast?.text);
      } catch { /* a header that is no JSON is not ours */ }
    }
    if (ctx.response.status < 400) {
      /* A change made without a swap of its own: parts that list it refresh themselves. */
      if (ctx.request.method !== "GET" && ctx.swap === "none") {
        remember(ctx.sourceElement);
        setTimeout(() => document.body.dispatchEvent(new Event("changed")));
      }
      return;
    }
    if (ctx.text.includes("data-notice")) {
      ctx.hx.retarget = "#notices";
      ctx.hx.reswap = "innerHTML";
    } else if (![409, 422].includes(ctx.response.status)) {
      ctx.hx.reswap = "none";
      notice("Something went wrong on our side. Nothing was saved; what you typed is still here.");
    }
  });

  /* Focus contract: an answer may mark one element with data-focus; after a change made in a row that is gone or has
     no button any more, the row's link, the next row's link or the page's heading is next in line. */
  let after = [];
  function remember(form) {
    const row = form.closest("li, tr");
    if (!row) return;
    const link = (item) => item && $("a[href]", item)?.getAttribute("href");
    const href = [row.id && link(row), link(row.nextElementSibling), link(row.previousElementSibling)];
    after = [...href.filter(Boolean).map((address) => `main li a[href="${address}"]`), "main h1"];
  }
  on("htmx:after:settle", () => {
    let wanted = $("[data-focus]");
    if (!wanted && document.activeElement === document.body) wanted = after.map((one) => $(one)).find(Boolean);
    after = [];
    if (!wanted) return;
    wanted.removeAttribute("data-focus");
    if (!wanted.matches("a, button, input, select, textarea, [tabindex]")) wanted.tabIndex = -1;
    wanted.focus();
  });

  /* Live pages: `tick` every 30 s while the tab is visible and updates are not paused (WCAG 2.2.2). */
  const paused = () => sessionStorage.getItem("paused") === "1";
  function showPause() {
    const button = $("[data-pause]");
    if (!button) return;
    button.hidden = false;
    button.setAttribute("aria-pressed", String(paused()));
    button.textContent = paused() ? "Resume updates" : "Pause updates";
  }
  on("click", (event) => {
    if (!event.target.closest("[data-pause]")) return;
    sessionStorage.setItem("paused", paused() ? "0" : "1");
    showPause();
  });
  on("htmx:after:settle", showPause);
  setInterval(() => {
    if (document.visibilityState === "visible" && !paused()) document.body.dispatchEvent(new Event("tick"));
  }, 30000);

  /* Busy: a button that sends is disabled and says so, after 200 ms, so that quick answers do not flicker. */
  const busy = new Map();
  function sending(form, button) {
    if (!button || busy.has(form)) return;
    const timer = setTimeout(() => {
      busy.get(form).text = button.innerHTML;
      button.dataset.sending = "";
      button.disabled = true;
      if (!button.matches(".box, .icobtn")) button.textContent = button.dataset.busy || "Sending…";
    }, 200);
    busy.set(form, { timer, button, text: null });
  }
  function sent(form) {
    const state = busy.get(form);
    if (!state) return;
    clearTimeout(state.timer);
    busy.delete(form);
    if (state.text === null) return;
    state.button.disabled = false;
    delete state.button.dataset.sending;
    state.button.innerHTML = state.text;
  }
  on("submit", (event) => {
    const form = event.target;
    sending(form, event.submitter ?? $("button:not([type=button])", form));
  });
  on("htmx:finally:request", (event) => sent(event.target));
  on("pageshow", () => [...busy.keys()].forEach(sent), window);

  /* Offline: say what was not saved; the input stays. */
  function network() {
    const banner = $("#offline");
    if (banner) banner.hidden = navigator.onLine;
  }
  on("offline", network, window);
  on("online", network, window);
  on("htmx:error", (event) => {
    const ctx = event.detail.ctx;
    if (!ctx || ctx.response) return;
    if (ctx.request.method === "GET") return;
    const what = ctx.sourceElement?.dataset?.name || "your last change";
    notice(`No answer from the server, so ${what} was not saved. What you typed is still here; try again.`);
  });

  /* Drop zone: a file dropped on or pasted into .drop lands in its file input. */
  const zone = (event) => event.target instanceof Element && event.target.closest(".drop");
  const named = (drop) => {
    const file = $("input[type=file]", drop)?.files[0];
    const label = $("[data-drop-name]", drop);
    if (label) label.textContent = file ? `${file.name}, ${Math.max(1, Math.round(file.size / 1024))} kB` : "";
  };
  const take = (drop, files) => {
    const input = $("input[type=file]", drop);
    if (!input || !files.length) return false;
    input.files = files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    return true;
  };
  on("dragover", (event) => {
    const drop = zone(event);
    if (!drop) return;
    event.preventDefault();
    drop.classList.add("over");
  });
  on("dragleave", (event) => zone(event)?.classList.remove("over"));
  on("drop", (event) => {
    const drop = zone(event);
    if (!drop) return;
    event.preventDefault();
    drop.classList.remove("over");
    take(drop, event.dataTransfer.files);
  });
  on("paste", (event) => {
    const drop = zone(event);
    if (drop && take(drop, event.clipboardData.files)) event.preventDefault();
  });
  on("change", (event) => {
    const drop = zone(event);
    if (drop) named(drop);
  });

  /* Menus: Escape and a press elsewhere close them. */
  on("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });
  on("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = event.target.closest?.("details.menu[open]");
    if (!menu) return;
    menu.open = false;
    $("summary", menu).focus();
  });

  /* The error summary takes the focus when a page comes back with faults. */
  $(".errsum[tabindex]")?.focus();
  dismissable();
  showPause();
  network();
})();
