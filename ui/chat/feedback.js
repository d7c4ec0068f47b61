// Below an answer: whether it helped, and a line of words. Nothing is sent before a button is pressed.
(() => {
  "use strict";
  const LONGEST = 500; // characters, as the server takes them
  // The words stand with the others of the page: Gradio takes data-* off a message.
  const words = () => document.getElementById("notice").dataset;

  const give = async (box, helped, said) => {
    const line = box.querySelector(".told") ?? box.appendChild(document.createElement("p"));
    line.className = "told";
    line.setAttribute("role", "status");
    try {
      const response = await fetch("api/feedback", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id: box.querySelector(".key").textContent, helped, words: said }),
      });
      if (!response.ok) {
        const problem = await response.json().catch(() => ({}));
        throw new Error(problem.message ?? words().feedbackLost);
      }
      line.textContent = said ? words().thanksForWords : words().thanks;
      return true;
    } catch (error) {
      line.textContent = error instanceof TypeError ? words().feedbackLost : error.message;
      return false;
    }
  };

  const offerWords = (box) => {
    if (box.querySelector("form")) return;
    const form = document.createElement("form");
    const label = document.createElement("label");
    const field = document.createElement("input");
    const send = document.createElement("button");
    field.type = "text";
    field.maxLength = LONGEST;
    label.append(words().what, field);
    send.textContent = words().send;
    form.append(label, send);
    box.append(form);
    field.focus({ preventScroll: true });
  };

  // In the capturing phase, as Gradio lets no click of a message through.
  document.addEventListener(
    "click",
    async (event) => {
      const button = event.target.closest?.("#conversation .feedback .judge button");
      if (!button) return;
      const box = button.closest(".feedback");
      const helped = button.matches(".helped");
      if (!(await give(box, helped, box.querySelector("input")?.value.trim() ?? ""))) return;
      for (const each of box.querySelectorAll(".judge button"))
        each.setAttribute("aria-pressed", String(each === button));
      offerWords(box);
    },
    true,
  );

  document.addEventListener(
    "submit",
    async (event) => {
      const box = event.target.closest("#conversation .feedback");
      if (!box) return;
      event.preventDefault();
      const helped = box.querySelector(".helped").getAttribute("aria-pressed") === "true";
      const said = box.querySelector("input").value.trim();
      if (said && (await give(box, helped, said))) box.querySelector("form").remove();
    },
    true,
  );
})();
