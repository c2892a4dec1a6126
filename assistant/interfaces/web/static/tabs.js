// The row of tabs, text size and dark mode on every page; on the chat page the other tabs open without leaving it, so
// that the conversation stays. Without this script every tab is still a plain page with plain forms.
"use strict";
(() => {
  const SIZES = ["标准", "大", "特大"];
  const kept = (name) => { try { return localStorage.getItem(name) || ""; } catch { return ""; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* a browser that keeps nothing */ } };
  const system = window.matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (kept("shade") ? kept("shade") === "dark" : system.matches);

  function applyLooks() {
    const size = Math.min(Number(kept("size")) || 0, SIZES.length - 1);
    document.documentElement.dataset.size = size;
    document.documentElement.classList.toggle("dark", dark());
    if (document.body) document.body.classList.toggle("dark", dark());
    const sizer = document.getElementById("size"), shade = document.getElementById("shade");
    if (sizer) {
      sizer.textContent = `字号：${SIZES[size]}`;
      sizer.setAttribute("aria-label", `字号：${SIZES[size]}，按一下换一种`);
    }
    if (shade) shade.setAttribute("aria-pressed", String(dark()));
  }

  applyLooks();
  system.addEventListener("change", () => setTimeout(applyLooks));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("#size, #shade");
    if (!button) return;
    if (button.id === "size") keep("size", ((Number(kept("size")) || 0) + 1) % SIZES.length);
    else keep("shade", dark() ? "light" : "dark");
    applyLooks();
  });

  // The place is remembered in this browser only.
  function rememberPlace(form) {
    const place = form.querySelector('input[name="place"][list]');
    if (place && place.value.trim()) keep("place", place.value.trim());
  }
  function fillPlace() {
    const place = document.querySelector('main.tab input[name="place"][list]');
    if (place && !place.value && kept("place")) place.value = kept("place");
  }

  // --- on the chat page: the other tabs in a panel beside the hidden chat
  const chatAddress = location.href;
  let onChatPage = false, panel = null;

  function settle() {
    fillPlace();
    const named = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (named) { openAround(named); showThere(named); }
  }

  function openAround(element) {
    for (let fold = element; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
  }

  function showThere(element) {
    for (const old of document.querySelectorAll(".arrived")) old.classList.remove("arrived");
    element.classList.add("arrived");
    const mark = element.querySelector("mark");
    (mark || element).scrollIntoView({ block: mark ? "center" : "start" });
    element.focus({ preventScroll: true });
  }

  function tabOf(address) {
    const path = new URL(address, document.baseURI).pathname;
    return [...document.querySelectorAll("header.site nav a")].find((link) => {
      const own = new URL(link.href).pathname;
      return path === own || path.startsWith(`${own.replace(/\/$/, "")}/`);
    });
  }

  function isTab(address) {
    const url = new URL(address, document.baseURI);
    return url.origin === location.origin && !!tabOf(url.href) && !url.pathname.endsWith("/original");
  }

  function markTab(address) {
    const current = tabOf(address);
    for (const link of document.querySelectorAll("header.site nav a")) {
      if (link === current) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  function showChat() {
    if (panel) panel.hidden = true;
    document.body.classList.remove("with-panel");
    document.title = "政策问答助手";
    markTab(chatAddress);
  }

  function fillPanel(page, address) {
    const main = page.querySelector("main");
    for (const [tag, name] of [["a", "href"], ["form", "action"]])
      for (const element of main.querySelectorAll(`${tag}[${name}]`))
        element.setAttribute(name, new URL(element.getAttribute(name), address).href);
    if (!panel) {
      panel = Object.assign(document.createElement("main"), { id: "panel", className: "tab", tabIndex: -1 });
      document.querySelector("header.site").after(panel);
    }
    panel.replaceChildren(...main.childNodes);
    panel.hidden = false;
    document.body.classList.add("with-panel");
    document.title = page.title;
    markTab(address);
  }

  async function openTab(address, options = {}, push = true) {
    const url = new URL(address, document.baseURI);
    document.body.classList.add("busy");
    try {
      const reply = await fetch(url, options);
      const page = new DOMParser().parseFromString(await reply.text(), "text/html");
      if (!page.querySelector("main")) throw new Error("no page");
      fillPanel(page, url.href);
      if (push) history.pushState({ tab: url.href }, "", url);
      window.scrollTo(0, 0);
      panel.focus({ preventScroll: true });
      settle();
    } catch {
      say("连不上服务器，这一页没有打开。请检查网络后再试；问答记录还在。");
    } finally {
      document.body.classList.remove("busy");
    }
  }

  function say(words) {
    let told = document.getElementById("told");
    if (!told) {
      told = Object.assign(document.createElement("p"), { id: "told", className: "trouble" });
      told.setAttribute("role", "alert");
      document.querySelector("header.site").after(told);
    }
    told.textContent = words;
    setTimeout(() => told.remove(), 8000);
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || !onChatPage || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const url = new URL(link.href, document.baseURI);
    if (!isTab(url.href)) return;
    const toChat = url.pathname === new URL(chatAddress).pathname;
    const inPanel = panel && panel.contains(link);
    if (toChat && url.hash && !inPanel && !link.closest("header.site")) return; // a mark or a way back within the chat
    event.preventDefault();
    if (toChat) {
      if (document.body.classList.contains("with-panel")) history.pushState({}, "", chatAddress);
      showChat();
    } else if (inPanel && url.hash && url.pathname + url.search === location.pathname + location.search) {
      history.pushState(history.state, "", url);
      settle();
    } else openTab(url.href);
  });

  // Leaving the page, even for a download, would make Gradio close its connection.
  async function download(form, submitter) {
    try {
      const reply = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, submitter)) });
      const [, name] = reply.headers.get("content-disposition").match(/filename\*=UTF-8''(.+)/);
      const href = URL.createObjectURL(await reply.blob());
      Object.assign(document.createElement("a"), { href, download: decodeURIComponent(name) }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60000);
    } catch { say("文件没有导出成。请检查网络后再试。"); }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    rememberPlace(form);
    if (!onChatPage || !panel || !panel.contains(form) || event.submitter?.formTarget === "_blank") return;
    event.preventDefault();
    if (form.classList.contains("export")) download(form, event.submitter);
    else openTab(form.action, { method: "POST", body: new URLSearchParams(new FormData(form, event.submitter)) });
  });

  // On paper nothing can be unfolded, so what is quoted is printed whole.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    unfolded = [...document.querySelectorAll("#evidence details:not([open])")];
    for (const fold of unfolded) fold.open = true;
  });
  window.addEventListener("afterprint", () => { for (const fold of unfolded) fold.open = false; });

  window.addEventListener("popstate", () => {
    if (!onChatPage) return;
    if (new URL(location.href).pathname === new URL(chatAddress).pathname) showChat();
    else openTab(location.href, {}, false);
  });

  function begin() {
    const header = document.querySelector('meta[name="site-header"]');
    if (header) {
      onChatPage = true;
      document.body.insertAdjacentHTML("afterbegin", header.content);
      for (const link of document.querySelectorAll("header.site a")) link.href = new URL(link.getAttribute("href"), document.baseURI).href;
      document.body.classList.add("with-chat");
      // Gradio sets its own shade when it starts
      new MutationObserver(() => { if (document.body.classList.contains("dark") !== dark()) applyLooks(); })
        .observe(document.body, { attributes: true, attributeFilter: ["class"] });
    }
    applyLooks();
    settle();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
