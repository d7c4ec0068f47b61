// What the page does around the question: counts its characters, keeps what was asked while the
// tab is open, and says when the server cannot be reached. Kept are questions alone, never answers:
// the server answers them again, so that nothing of an old page is shown as it was.
(() => {
  "use strict";
  const KEY = `steward ${window.location.pathname}`;
  const NEAR = 0.9; // of the limit; from there on it is counted
  const AGAIN = 2000; // milliseconds between two looks at whether the server is back
  const byId = (id) => document.getElementById(id);
  const field = () => document.querySelector("#question textarea");
  let begun = false;
  let sent = ""; // what was sent and has not come on the page yet
  let lost = false;
  const toasts = new WeakSet(); // Gradio's, which are hidden: what they say is said here

  // What was asked is its words or, where tags were chosen, its words and these.
  const checked = (asked) =>
    Array.isArray(asked) ? [String(asked[0]), [asked[1]].flat().map(String)] : String(asked);
  const wordsOf = (asked) => (Array.isArray(asked) ? asked[0] : asked);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const withTags = (words, tags) => (tags.length ? [words, tags] : words);
  const textsOf = (nodes) => [...nodes].map((node) => node.textContent.trim());

  // A browser may forbid to keep anything: then nothing is kept.
  const recall = () => {
    try {
      const kept = JSON.parse(window.sessionStorage.getItem(KEY)) ?? {};
      const asked = Array.isArray(kept.asked) ? kept.asked.map(checked) : [];
      return { asked, draft: String(kept.draft ?? "") };
    } catch {
      return { asked: [], draft: "" };
    }
  };
  const keep = (changes) => {
    try {
      window.sessionStorage.setItem(KEY, JSON.stringify({ ...recall(), ...changes }));
    } catch {}
  };

  const say = (which, values = {}) => {
    const notice = byId("notice");
    if (!notice) return;
    let line = which ? notice.dataset[which] : "";
    for (const [name, value] of Object.entries(values))
      line = line.replace(`{${name}}`, () => value.toLocaleString("en"));
    if (notice.textContent !== line) notice.textContent = line;
    notice.classList.toggle("wrong", which !== "" && which !== "older");
  };

  const limit = () => Number(byId("count").dataset.limit);
  // As the server counts them: without the white space that makes no difference.
  const characters = () => [...field().value.trim().split(/\s+/).join(" ")].length;
  const tooLong = () => characters() > limit();

  const count = () => {
    const shown = byId("count");
    if (!shown || !field()) return;
    const number = characters();
    const words = shown.dataset.words
      .replace("{count}", number.toLocaleString("en"))
      .replace("{limit}", limit().toLocaleString("en"));
    const line = number >= NEAR * limit() ? words : "";
    if (shown.textContent !== line) shown.textContent = line;
    shown.classList.toggle("wrong", tooLong());
    field().setAttribute("aria-invalid", String(tooLong()));
    field().setAttribute("aria-describedby", "notice");
    if (lost) return;
    if (tooLong()) say("tooLong", { limit: limit() });
    else say("");
  };

  const fill = (into, value) => {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(into, value);
    into.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const begin = () => {
    begun = true;
    const { asked, draft } = recall();
    if (draft) fill(field(), draft);
    if (!asked.length) return;
    const most = Number(byId("notice").dataset.kept);
    let kept = JSON.stringify(asked.slice(-most));
    // Gradio listens some time after it has shown its fields, and then to what differs.
    const again = () => {
      if (!document.querySelector("#conversation .asked"))
        fill(document.querySelector("#kept textarea"), (kept += " "));
      else window.clearInterval(trying);
    };
    const trying = window.setInterval(again, 500);
    again();
    if (asked.length > most) say("older", { count: most });
  };

  const lookAgain = async () => {
    try {
      if ((await fetch("healthz", { cache: "no-store" })).ok) window.location.reload();
    } catch {}
  };

  const failed = async () => {
    if (lost) return;
    let reached = false;
    try {
      reached = (await fetch("healthz", { cache: "no-store" })).ok;
    } catch {}
    // What was under way is asked again when the page is: it is no draft any more.
    const keepSent = () => sent && keep({ asked: [...recall().asked, sent], draft: "" });
    if (reached && (await fetch("theme.css", { cache: "no-store" })).status === 401) {
      keepSent();
      return window.location.reload(); // which leads to where one signs in
    }
    if (reached) return say("notSent");
    lost = true;
    keepSent();
    say("lost");
    window.setInterval(lookAgain, AGAIN);
  };

  const send = (event) => {
    if (tooLong()) {
      event.preventDefault();
      event.stopImmediatePropagation();
      field().focus();
    } else
      sent = withTags(
        field().value.trim(),
        textsOf(document.querySelectorAll("#among label:has(:checked)")),
      );
  };

  document.addEventListener(
    "keydown",
    (event) => {
      const enters = event.key === "Enter" && !event.shiftKey && !event.isComposing;
      if (enters && event.target === field()) send(event);
    },
    true,
  );
  document.addEventListener(
    "click",
    (event) => {
      if (!(event.target instanceof Element)) return;
      if (event.target.closest("#send")) send(event);
      const offered = event.target.closest("#conversation .to-ask");
      if (offered && !field().disabled) {
        fill(field(), offered.textContent.trim());
        // Gradio takes up what the field holds a moment after.
        window.setTimeout(() => byId("send").click(), 0);
      }
      if (!event.target.closest("#new")) return;
      try {
        window.sessionStorage.removeItem(KEY);
      } catch {}
      window.location.reload();
    },
    true,
  );
  document.addEventListener("input", (event) => {
    if (event.target !== field()) return;
    keep({ draft: event.target.value });
    count();
  });

  new MutationObserver(() => {
    const ready = field() && document.querySelector("#kept textarea") && byId("notice");
    if (ready && !begun) begin();
    for (const toast of document.querySelectorAll(".toast-body"))
      if (!toasts.has(toast)) {
        toasts.add(toast);
        failed();
      }
    const asked = [...document.querySelectorAll("#conversation .asked")].map((question) =>
      withTags(question.textContent, textsOf(question.parentElement.querySelectorAll(".tagged span"))),
    );
    document.body.classList.toggle("talking", asked.length > 0);
    if (!asked.length || lost) return;
    const { asked: before, draft } = recall();
    if (asked.length === before.length && same(asked.at(-1), before.at(-1))) return;
    if (same(asked.at(-1), sent)) sent = "";
    keep({ asked, draft: draft.trim() === wordsOf(asked.at(-1)) ? "" : draft });
    count();
  }).observe(document, { childList: true, subtree: true });
})();
