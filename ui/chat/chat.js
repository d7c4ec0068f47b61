// What the chat's page does besides Gradio: opens sources, copies quotes, switches the theme.
// A sheet over the talk, and the page on embedding, are entries of the history: Back closes them.
(() => {
  "use strict";
  const byId = (id) => document.getElementById(id);
  const phone = window.matchMedia("(max-width: 900px)");
  let opener = null;
  let seen = 0;
  let greeted = false;

  // What is open is what the current entry of the history says.
  const show = () => {
    const open = window.history.state?.open;
    const reading = open === "sources" && phone.matches;
    const read = document.body.classList.contains("reading");
    const embedded = document.body.classList.contains("embedding");
    document.body.classList.toggle("reading", reading);
    document.body.classList.toggle("embedding", open === "embedding");
    byId("embed").setAttribute("aria-expanded", String(open === "embedding"));
    byId("talk").inert = reading;
    byId("masthead").inert = reading;
    if (reading) byId("close-sources").focus();
    else if (read && opener?.isConnected) opener.focus();
    else if (embedded && open !== "embedding") byId("embed").focus();
    if (!reading) opener = null;
  };

  const open = (what) => {
    window.history.pushState({ open: what }, "");
    show();
  };

  const close = () => window.history.back();

  const openSheet = (from) => {
    if (!phone.matches) return;
    opener = from;
    open("sources");
  };

  const openSource = (link) => {
    byId("source").contentWindow.location.replace(link.href);
    document.querySelectorAll("a.cite.current").forEach((old) => old.classList.remove("current"));
    link.classList.add("current");
    openSheet(link);
  };

  const dark = () => document.body.classList.contains("dark");

  const paintSource = () => {
    const page = byId("source")?.contentDocument?.documentElement;
    if (page) page.dataset.theme = dark() ? "dark" : "light";
  };

  const switchTheme = () => {
    const address = new URL(window.location);
    document.body.classList.toggle("dark");
    address.searchParams.set("__theme", dark() ? "dark" : "light");
    window.history.replaceState(window.history.state, "", address);
  };

  const copyQuote = async (button) => {
    const figure = button.closest("figure");
    const words = figure.querySelector(".words").textContent;
    const credit = [...figure.querySelectorAll("figcaption cite, figcaption .origin")]
      .map((part) => part.textContent.trim())
      .join(", ");
    await navigator.clipboard.writeText(
      `“${words}”\n${credit}\n${figure.querySelector("a.cite").href}`,
    );
    const copy = button.textContent;
    button.textContent = button.dataset.copied;
    window.setTimeout(() => (button.textContent = copy), 2000);
  };

  document.addEventListener(
    "click",
    (event) => {
      if (!(event.target instanceof Element) || event.button !== 0) return;
      if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
      const link = event.target.closest("#conversation a.cite");
      if (link) {
        event.preventDefault();
        event.stopPropagation();
        openSource(link);
        return;
      }
      const button = event.target.closest("button");
      if (!button) return;
      if (button.id === "show-sources") openSheet(button);
      else if (button.matches("#close-sources, #close-embedding")) close();
      else if (button.id === "theme") switchTheme();
      else if (button.id === "embed" && window.history.state?.open === "embedding") close();
      else if (button.id === "embed") open("embedding");
      else if (button.matches("#conversation .copy")) copyQuote(button);
    },
    true,
  );

  const escape = (event) => {
    if (event.key === "Escape" && document.body.matches(".reading, .embedding")) close();
  };
  document.addEventListener("keydown", escape);

  // What is typed on the page on embedding is sent on after a pause, as each change is a request.
  const typing = new WeakMap();
  document.addEventListener(
    "input",
    (event) => {
      const field = event.target;
      if (!event.isTrusted || !field.matches("#snippets :is(textarea, input[type=text])")) return;
      event.stopPropagation();
      const again = () => field.dispatchEvent(new Event("input", { bubbles: true }));
      window.clearTimeout(typing.get(field));
      typing.set(field, window.setTimeout(again, 300));
    },
    true,
  );

  // The frame's pages are this server's own and run no script; they take theme and Escape from here.
  document.addEventListener(
    "load",
    (event) => {
      if (event.target.id !== "source") return;
      const page = event.target.contentDocument;
      if (!page) return;
      paintSource();
      page.addEventListener("keydown", escape);
      // Under a sheet a page of the frame is no entry of the history, or Back would not close it.
      page.addEventListener("click", (click) => {
        const link = click.target.closest("a[href]");
        if (!link || link.target || !document.body.classList.contains("reading")) return;
        if (click.ctrlKey || click.metaKey || click.shiftKey || click.altKey) return;
        click.preventDefault();
        page.location.replace(link.href);
      });
      const announcement = byId("announcement");
      const title = page.title.replace(/ · Steward$/, "");
      announcement.textContent = announcement.dataset.words.replace("{title}", () => title);
    },
    true,
  );

  window.addEventListener("popstate", show);
  phone.addEventListener("change", show);
  window.history.replaceState(null, ""); // of a page that is loaded again, nothing is open

  // A field that was closed while a question was answered has lost the focus: give it back, but
  // not where that would open a keyboard over the answer.
  const watch = () => {
    new MutationObserver(paintSource).observe(document.body, {
      attributes: true,
      attributeFilter: ["class"],
    });
    new MutationObserver((changes) => {
      const field = changes.find((change) => change.target.matches("#question textarea"))?.target;
      if (field && !field.disabled && document.activeElement === document.body && !phone.matches)
        field.focus();
    }).observe(document.body, { attributes: true, attributeFilter: ["disabled"], subtree: true });
    new MutationObserver((changes) => {
      const field = document.querySelector("#question textarea");
      if (field && !greeted) {
        greeted = true;
        if (!phone.matches) field.focus();
      }
      const log = document.querySelector("#conversation [role=log]");
      if (log) log.tabIndex = 0; // it scrolls, so that keys must reach it
      // Gradio names every message by its HTML, which a screen reader would read out.
      log?.querySelectorAll("[data-testid][aria-label]").forEach((message) =>
        message.removeAttribute("aria-label"),
      );
      const asked = log?.querySelectorAll(".user-row") ?? [];
      const height = log?.scrollHeight;
      const judging = changes.every((change) => change.target.closest?.(".feedback"));
      if (asked.length && height !== seen && !judging) asked[asked.length - 1].scrollIntoView();
      seen = height;
    }).observe(document.body, { childList: true, characterData: true, subtree: true });
    if (navigator.clipboard) document.body.classList.add("can-copy");
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", watch);
  else watch();
})();
