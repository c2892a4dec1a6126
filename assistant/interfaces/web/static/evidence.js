// What the page does by itself: [n] to its card, back to the question, copy a quotation, Chinese labels for Gradio's
// own controls. One file with delegated clicks: the page's security policy allows no script inside events.
"use strict";
(() => {
  const wide = window.matchMedia("(min-width: 900px)");
  const calm = window.matchMedia("(prefers-reduced-motion: reduce)");
  const behavior = () => (calm.matches ? "auto" : "smooth");

  function goToCard(card) {
    for (let fold = card; fold; fold = fold.parentElement) if (fold.tagName === "DETAILS") fold.open = true;
    card.querySelector("details").open = true;
    card.focus({ preventScroll: true });
    card.scrollIntoView({ block: "start", behavior: behavior() });
  }

  function goToQuestion() {
    const box = document.querySelector("#question textarea");
    box.focus({ preventScroll: true });
    box.scrollIntoView({ block: "center", behavior: behavior() });
  }

  async function copyText(text) {
    if (navigator.clipboard && window.isSecureContext) return navigator.clipboard.writeText(text);
    const box = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#"]');
    const button = event.target.closest("button.copy");
    if (link) {
      const target = document.getElementById(link.getAttribute("href").slice(1));
      event.preventDefault(); // a bare #… resolves against <base> and would load the page anew
      if (target && target.classList.contains("card")) goToCard(target);
      else if (target && target.id === "question") goToQuestion();
    } else if (button) {
      const form = button.classList.contains("as-list") ? "as-list" : "as-sentence";
      const named = button.dataset.named || (button.dataset.named = button.textContent);
      copyText(button.closest(".card").querySelector(`.written .${form}`).textContent).then(() => {
        button.textContent = "已复制";
        setTimeout(() => { button.textContent = named; }, 2000);
      }, () => { button.textContent = "复制不了，请手工选取"; });
    }
  });

  // Gradio's own labels: English in every language, and a message's label repeats its raw markup.
  function relabel() {
    document.documentElement.lang = "zh-CN";
    for (const log of document.querySelectorAll('#chat [role="log"]')) setLabel(log, "问答记录");
    for (const said of document.querySelectorAll("#chat [data-testid][aria-label]")) said.removeAttribute("aria-label");
    for (const example of document.querySelectorAll("#chat .example[aria-label]")) example.removeAttribute("aria-label");
    for (const box of document.querySelectorAll("#chat .placeholder-content[role], #chat .examples[role]")) box.removeAttribute("role");
  }

  function setLabel(element, label) {
    if (element.getAttribute("aria-label") !== label) element.setAttribute("aria-label", label);
  }

  // Every card is sent closed. Where there is room for a second column, the newest ones are opened.
  let opened = "";
  function openCards() {
    const cards = [...document.querySelectorAll("#evidence .newest > .card")];
    const now = cards.map((card) => card.id).join(" ");
    if (now !== opened && wide.matches) for (const card of cards) card.querySelector("details").open = true;
    if (now !== opened) document.getElementById("evidence").scrollTop = 0;
    opened = now;
  }

  // A new answer is brought to the top of the view, and gets the focus unless a next question is being typed.
  let answered = 0;
  function showAnswer() {
    const rows = document.querySelectorAll("#chat .message-row.user-row");
    if (document.querySelector("#chat .pending")) return;
    const newest = rows[rows.length - 1];
    const key = newest ? `${rows.length}:${document.querySelectorAll("#chat .bot-row").length}:${newest.textContent}` : "";
    if (key === answered) return;
    answered = key;
    if (!newest) return;
    newest.scrollIntoView({ block: wide.matches ? "nearest" : "start", behavior: "auto" });
    const log = newest.closest('[role="log"]');
    if (wide.matches) log.scrollTop += newest.getBoundingClientRect().top - log.getBoundingClientRect().top;
    const box = document.querySelector("#question textarea");
    if (!box || box.value) return;
    const answers = document.querySelectorAll("#chat .bot-row");
    const answer = answers[answers.length - 1];
    answer.tabIndex = -1;
    answer.focus({ preventScroll: true });
  }

  function addSkipLink() {
    if (document.querySelector(".skip") || !document.getElementById("question")) return;
    const link = Object.assign(document.createElement("a"), { className: "skip", textContent: "跳到提问框" });
    link.setAttribute("href", "#question");
    document.body.prepend(link);
  }

  // Under each answer: was it of use? Sent without the question unless that is allowed.
  const REASONS = { wrong: "答得不对", incomplete: "不全", outdated: "过时", wrong_place: "地区不对", hard_to_read: "看不懂", other: "其他" };

  function element(tag, facts, ...inside) {
    const made = Object.assign(document.createElement(tag), facts);
    made.append(...inside);
    return made;
  }

  function addRatings() {
    for (const answer of document.querySelectorAll("#chat .answer")) {
      if (answer.parentElement.querySelector(".rate, .phrasing")) continue; // still being phrased: nothing to judge yet
      const allow = element("input", { type: "checkbox" });
      const rate = element("div", { className: "rate" }, element("span", { textContent: "这个回答：" }));
      const buttons = { 有用: () => send(answer, rate, { useful: true }, allow), 没用: () => askWhy(answer, rate, allow) };
      for (const [textContent, onclick] of Object.entries(buttons)) rate.append(element("button", { type: "button", textContent, onclick }));
      rate.append(element("label", {}, allow, "同意把问题一起存下"));
      answer.parentElement.append(rate);
    }
  }

  function askWhy(answer, rate, allow) {
    const why = Object.entries(REASONS).map(([reason, textContent]) =>
      element("button", { type: "button", textContent, onclick: () => send(answer, rate, { useful: false, reason }, allow) }));
    for (const button of rate.querySelectorAll("button")) button.remove();
    rate.firstChild.textContent = "哪里没用：";
    rate.firstChild.after(...why);
    why[0].focus();
  }

  function citedIn(answer) {
    const cards = [...answer.querySelectorAll("a.cite")].map((mark) => document.getElementById(mark.getAttribute("href").slice(1)));
    const places = cards.filter(Boolean).map((card) => card.querySelector(".to-text").getAttribute("href").match(/policies\/([^?#]+)\?mark=(\d+)-(\d+)/));
    return places.filter(Boolean).slice(0, 20).map(([, policy, start, end]) => ({ policy_id: decodeURIComponent(policy), start: Number(start), end: Number(end) }));
  }

  async function send(answer, rate, given, allow) {
    const before = (one) => one.compareDocumentPosition(answer) & Node.DOCUMENT_POSITION_FOLLOWING;
    const asked = [...document.querySelectorAll("#chat .asked")].filter(before).pop();
    const body = { ...given, status: answer.querySelector(".reason") ? "refused" : "answered", citations: citedIn(answer) };
    if (allow.checked && asked) Object.assign(body, { question: asked.textContent.slice(0, 300), keep_question: true });
    const told = (textContent) => rate.replaceChildren(element("span", { textContent, role: "status" }));
    try {
      const headers = { "content-type": "application/json" };
      const reply = await fetch(new URL("../feedback", document.baseURI), { method: "POST", headers, body: JSON.stringify(body) });
      told(reply.ok ? `谢谢，已记下${body.question ? "（含问题）" : "（没有存问题）"}。` : "这次没有存上，不影响继续提问。");
    } catch { told("连不上服务器，这次没有存上。"); }
  }

  // The conversation as a file: the server hands it over in the page, so no copy of it stays there.
  let unpacked = "";
  function unpack() {
    const parcel = document.querySelector("#exported .file");
    if (!parcel || parcel.textContent === unpacked) return;
    unpacked = parcel.textContent;
    const [, name, content] = unpacked.split(" ");
    const bytes = Uint8Array.from(atob(content), (sign) => sign.charCodeAt(0));
    const href = URL.createObjectURL(new Blob([bytes], { type: "application/octet-stream" }));
    element("a", { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 60000);
  }

  let waiting = false;
  function tidy() {
    waiting = false;
    if (!document.getElementById("chat")) return;
    relabel();
    addSkipLink();
    openCards();
    addRatings();
    unpack();
    showAnswer();
  }

  new MutationObserver(() => {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(tidy);
  }).observe(document.documentElement, { childList: true, subtree: true, characterData: true, attributeFilter: ["aria-label"] });
})();
