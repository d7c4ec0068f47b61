// Steward's widget: cited answers from a Steward server, on a page of any other site.
//
//   <script src="https://HOST/PREFIX/widget.js" async></script>      a floating button and a panel
//   <steward-chat inline></steward-chat>                              in the text, with the same script
//
// Settings are data-* attributes of the script or of an element; the element's come first.
//   data-lang        language of the words here, en or es, and of dates; default the page's
//   data-accent      #rgb or #rrggbb; anything else is refused, with a warning in the console
//   data-theme       light or dark; default what the visitor's system prefers or, in the text, the
//                    page's own look
//   data-questions   questions to begin with, separated by |
//   data-tags        tags that all documents bear that are asked, separated by commas
//   data-token       the access token, or NAME:PASSWORD of a user, where the server asks for one; who
//                    reads the page's source has it
//   data-open        the panel is open from the start, except where it would fill the screen
// and every string of WORDS by its name, with hyphens: data-title, data-greeting, data-other-words.
//
// A page with a Content-Security-Policy allows HOST in script-src and connect-src, nothing else.
// Nothing is stored here: the conversation lives as long as the page does. Every request goes to
// HOST. Where that asks whether an answer helped, it keeps what is said; beside it stands what.
(() => {
  "use strict";
  const NAME = "steward-chat";
  const script = document.currentScript;
  if (customElements.get(NAME)) return;
  if (!script?.src) {
    console.error("Steward: load widget.js by <script src>, not as a module and not inlined.");
    return;
  }
  const base = new URL(".", script.src);

  const TURNS_SENT = 5;
  const PATIENCE = 60_000; // milliseconds
  const ACCENT = "#1c4e8a";
  const PAPER = { light: [253, 252, 249], dark: [27, 26, 24] }; // as in STYLE
  const BY_ADDRESS = ["title", "greeting", "accent", "lang", "theme", "questions", "tags"];
  const LONGEST = 300; // characters of a setting that an address brings
  const FULL_SCREEN = "(max-width: 30em), (max-height: 30em)";
  const RIGHT_TO_LEFT = /^(ar|arc|ckb|dv|fa|he|ps|sd|ug|ur|yi)\b/i;

  const WORDS = {
    __proto__: null, // an address may ask for any language, "constructor" too
    en: {
      title: "Ask the documents",
      greeting: "Ask, and read what the documents say: word for word, with the source.",
      launcher: "Ask a question",
      close: "Close",
      conversation: "Conversation",
      field: "Your question",
      placeholder: "Ask a question",
      ask: "Ask",
      searching: "Searching…",
      reading: "Reading the nearest passages…",
      searched: "Searched for: {words}",
      confident: "{n}% confident",
      view: "Open the source: {title}",
      also: "Also in:",
      page: "page {n}",
      copy: "Copy",
      copied: "Copied",
      uncopied: "Not copied",
      unsure: "Steward is not sure. The nearest the documents come:",
      refused: "Nothing in these documents seems to answer this.",
      notKnown: "No document holds the word {words}. If there is another word for it, ask with that.",
      notKnownWords:
        "No document holds the words {words}. If there are other words for them, ask with those.",
      or: "or",
      otherWords: "Ask in other words, such as the documents may use.",
      certainty: "Confidence {n}%, answers from {least}%.",
      nearest: "The nearest passages, which are not an answer:",
      writing: "Writing it in plain words; each sentence is checked first…",
      stop: "Stop",
      proseWritten: "Written by a language model on the server.",
      proseEmpty: "The language model wrote nothing that the quotes bear out.",
      proseUnreachable: "The language model cannot be reached.",
      proseSlow: "The language model took too long.",
      proseGarbled: "What the language model sent cannot be read.",
      proseBusy: "The language model is busy with other answers.",
      proseLong: "The quotes are too long for the language model.",
      proseStopped: "The language model was stopped.",
      proseFailed: "Something went wrong while the language model wrote.",
      checked: "Each sentence was checked against the quotes it cites.",
      alone: "The quotes stand alone.",
      overview: "An overview in {n} quotes from {m} documents, in their words.",
      oneDocument: "“{title}” was published: {day}.",
      oneUndated: "“{title}” does not say when it was published.",
      documentsDated: "{n} documents. The newest that has a date is “{title}” ({day}).",
      documentsUndated: "{n} documents. None of them says when it was published.",
      agree: "{n} sources agree.",
      differ: "Sources differ in {what}.",
      and: "and",
      differNumber: "a number",
      differDate: "a date",
      differName: "a name",
      differNegation: "whether it is so",
      differQuotation: "the words of a quotation",
      newestIs: "The newest is “{title}”, which need not be right.",
      newest: "the newest",
      undated: "no date",
      back: "Back",
      source: "Source",
      whole: "Whole document",
      onPage: "See it on the page",
      changed:
        "This document has changed since it was quoted, so the quote cannot be shown in its place.",
      error: "Error.",
      unreachable: "The server cannot be reached from this page.",
      stranger: "This site has not been given leave to ask these documents.",
      closed: "Only who was given access may ask these documents.",
      busy: "Too many questions at the moment.",
      wait: "Try again in {n} s.",
      failed: "Something went wrong.",
      retry: "Try again",
      judge: "Did this help?",
      helped: "It helped",
      notHelped: "It did not",
      kept: "If you say so, this is kept for {n} days and read by whoever runs this assistant: the question and those before it, the answer, your verdict and your words. No address, no cookie.",
      what: "What was wrong, or what do you know better?",
      give: "Send",
      thanks: "Thank you. It is kept.",
      thanksForWords: "Thank you. Your words are kept.",
    },
    es: {
      title: "Pregunte a los documentos",
      greeting: "Pregunte y lea lo que dicen los documentos: palabra por palabra, con la fuente.",
      launcher: "Hacer una pregunta",
      close: "Cerrar",
      conversation: "Conversación",
      field: "Su pregunta",
      placeholder: "Haga una pregunta",
      ask: "Preguntar",
      searching: "Buscando…",
      reading: "Leyendo los pasajes más cercanos…",
      searched: "Se buscó: {words}",
      confident: "{n} % de confianza",
      view: "Abrir la fuente: {title}",
      also: "También en:",
      page: "pág. {n}",
      copy: "Copiar",
      copied: "Copiado",
      uncopied: "No se copió",
      unsure: "Steward no está seguro. Lo más cercano que hay en los documentos:",
      refused: "Nada en estos documentos parece responder a esto.",
      notKnown:
        "Ningún documento contiene la palabra {words}. Si hay otra para lo mismo, pregunte con ella.",
      notKnownWords:
        "Ningún documento contiene las palabras {words}. Si hay otras para lo mismo, pregunte con ellas.",
      or: "o",
      otherWords: "Pregunte con otras palabras, como las que usen los documentos.",
      certainty: "Confianza {n} %, se responde desde {least} %.",
      nearest: "Los pasajes más cercanos, que no son una respuesta:",
      writing: "Se escribe en palabras sencillas; cada frase se comprueba antes…",
      stop: "Detener",
      proseWritten: "Escrito por un modelo de lenguaje en el servidor.",
      proseEmpty: "El modelo de lenguaje no escribió nada que las citas respalden.",
      proseUnreachable: "No se puede llegar al modelo de lenguaje.",
      proseSlow: "El modelo de lenguaje tardó demasiado.",
      proseGarbled: "No se puede leer lo que envió el modelo de lenguaje.",
      proseBusy: "El modelo de lenguaje está ocupado con otras respuestas.",
      proseLong: "Las citas son demasiado largas para el modelo de lenguaje.",
      proseStopped: "Se detuvo el modelo de lenguaje.",
      proseFailed: "Algo salió mal mientras el modelo de lenguaje escribía.",
      checked: "Cada frase se comprobó con las citas que menciona.",
      alone: "Las citas quedan solas.",
      overview: "Un resumen en {n} citas de {m} documentos, con sus palabras.",
      oneDocument: "«{title}» se publicó: {day}.",
      oneUndated: "«{title}» no dice cuándo se publicó.",
      documentsDated: "{n} documentos. El más reciente con fecha es «{title}» ({day}).",
      documentsUndated: "{n} documentos. Ninguno dice cuándo se publicó.",
      agree: "{n} fuentes coinciden.",
      differ: "Las fuentes difieren en {what}.",
      and: "y en",
      differNumber: "una cifra",
      differDate: "una fecha",
      differName: "un nombre",
      differNegation: "si es así",
      differQuotation: "las palabras de una cita",
      newestIs: "La más reciente es «{title}», que no por ello tiene razón.",
      newest: "la más reciente",
      undated: "sin fecha",
      back: "Volver",
      source: "Fuente",
      whole: "Documento completo",
      onPage: "Verla en la página",
      changed:
        "Este documento ha cambiado desde que se citó, así que la cita no puede mostrarse en su sitio.",
      error: "Error.",
      unreachable: "No se puede llegar al servidor desde esta página.",
      stranger: "Este sitio no tiene permiso para consultar estos documentos.",
      closed: "Solo quien tiene acceso puede consultar estos documentos.",
      busy: "Hay demasiadas preguntas en este momento.",
      wait: "Inténtelo de nuevo en {n} s.",
      failed: "Algo salió mal.",
      retry: "Intentar de nuevo",
      judge: "¿Le sirvió?",
      helped: "Sí, sirvió",
      notHelped: "No sirvió",
      kept: "Si lo dice, esto se guarda {n} días y lo lee quien mantiene este asistente: la pregunta y las anteriores, la respuesta, su opinión y sus palabras. Sin dirección ni cookies.",
      what: "¿Qué estuvo mal, o qué sabe usted mejor?",
      give: "Enviar",
      thanks: "Gracias. Queda guardado.",
      thanksForWords: "Gracias. Sus palabras quedan guardadas.",
    },
  };
  const OUTCOMES = {
    written: "proseWritten",
    nothing_held: "proseEmpty",
    unreachable: "proseUnreachable",
    too_slow: "proseSlow",
    garbled: "proseGarbled",
    busy: "proseBusy",
    too_long: "proseLong",
    stopped: "proseStopped",
    failed: "proseFailed",
  };

  const DIFFERENCES = {
    number: "differNumber",
    date: "differDate",
    name: "differName",
    negation: "differNegation",
    quotation: "differQuotation",
  };

  // Against the page's style, !important in :host wins over !important outside; `all` covers what is
  // inherited. Sizes are in em of the reader's own default, so the page's root size has no say.
  const STYLE = `
:host { all: initial !important; display: block !important; }
:host([hidden]) { display: none !important; }
:host::before, :host::after { content: none !important; }
:host(:not([inline], [embedded])) {
  position: fixed !important; inset: 0 auto auto 0 !important; z-index: 2147483647 !important;
}
:host([embedded]) { position: fixed !important; inset: 0 !important; }
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
.root {
  --serif: "Iowan Old Style", Charter, "Bitstream Charter", Georgia, "Noto Serif",
    "Liberation Serif", serif;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", sans-serif;
  --paper: light-dark(#fdfcf9, #1b1a18); --desk: light-dark(#f5f2eb, #141312);
  --ink: light-dark(#1d1c1a, #ebe7df); --muted: light-dark(#5f5b54, #aaa49a);
  --rule: light-dark(#ddd8cd, #3a3733); --edge: light-dark(#8b857a, #857f75);
  --mark: light-dark(#ffe8a3, #5d4a12); --mark-ink: light-dark(#1d1c1a, #fff4d2);
  --wrong: light-dark(#8f1d1d, #ffb4a8); --wrong-paper: light-dark(#fbefed, #331d1a);
  --chip: color-mix(in srgb, var(--accent) 12%, var(--paper));
  --rim: color-mix(in srgb, var(--on-fill) 15%, var(--fill));
  color-scheme: light dark; color: var(--ink); font: 1em/1.5 var(--sans); text-align: start;
  overflow-wrap: anywhere; -webkit-text-size-adjust: 100%; text-size-adjust: 100%;
}
.root[data-theme="light"] { color-scheme: light; }
.root[data-theme="dark"] { color-scheme: dark; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
h1, h2, p, ul, figure, blockquote { margin: 0; padding: 0; }
ul { list-style: none; }
button, textarea { margin: 0; color: inherit; font: inherit; letter-spacing: inherit; }
button { cursor: pointer; touch-action: manipulation; }
a { color: var(--accent); text-underline-offset: .18em; }
:focus { outline: none; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
svg { display: block; flex: none; width: 1.25em; height: 1.25em; fill: currentColor; }

.launcher {
  position: fixed; inset-block-end: calc(1.25em + env(safe-area-inset-bottom, 0px));
  inset-inline-end: 1.25em; display: inline-flex; align-items: center; gap: .625em;
  max-width: calc(100vw - 2.5em); min-height: 3.25em; padding-block: .5em;
  padding-inline: 1.125em 1.375em; border: 1px solid var(--rim); border-radius: 999px;
  background: var(--fill); color: var(--on-fill); font-weight: 600; text-align: start;
  box-shadow: 0 1px 2px rgb(0 0 0 / .2), 0 .5em 1.75em rgb(0 0 0 / .22);
  transition: transform .15s ease-out, box-shadow .15s ease-out;
}
.launcher:hover { transform: translateY(-2px); box-shadow: 0 .75em 2em rgb(0 0 0 / .3); }
.launcher:focus-visible { border-radius: 999px; outline-color: var(--accent); }

.panel {
  position: relative; display: flex; flex-direction: column; width: 100%; max-width: none;
  margin: 0; padding: 0; border: 1px solid var(--rule); border-radius: .875em; overflow: hidden;
  background: var(--paper); color: var(--ink);
}
dialog.panel {
  position: fixed; inset: auto; inset-block-end: calc(5.5em + env(safe-area-inset-bottom, 0px));
  inset-inline-end: 1.25em; width: 26em; height: min(44em, 100dvh - 6.75em); max-height: none;
  box-shadow: 0 1px 3px rgb(0 0 0 / .16), 0 1.25em 3.5em rgb(0 0 0 / .24);
  animation: rise .18s ease-out;
}
dialog:not([open]) { display: none; }
dialog.panel::backdrop { background: none; }
@keyframes rise { from { opacity: 0; transform: translateY(.75em); } }
section.panel { max-height: min(40em, 85svh); overflow: clip; }
section.panel:has(> .source:not([hidden])) { height: min(40em, 85svh); }
section.panel .ask { position: sticky; bottom: 0; background: var(--paper); }
main.panel { height: 100%; border: 0; border-radius: 0; }
:host([embedded]) .root { height: 100%; }
:host([embedded]) :is(.log, .passage, header, .ask) {
  padding-inline: max(1.25em, (100% - 42em) / 2);
}
.talk { display: flex; flex: 1; flex-direction: column; min-height: 0; }

header {
  display: flex; flex: none; align-items: center; gap: .75em; min-height: 3.75em;
  padding-block: .625em; padding-inline: 1.25em .75em;
  border-bottom: 1px solid var(--rule);
}
.name { flex: 1; min-width: 0; font: 700 1.1875em/1.25 var(--serif); letter-spacing: -.005em; }
.icon {
  display: inline-grid; flex: none; place-items: center; width: 2.5em; height: 2.5em; padding: 0;
  border: 0; border-radius: 50%; background: none; color: var(--muted);
}
.icon:hover { background: var(--desk); color: var(--ink); }
.icon:focus-visible { outline-offset: -3px; border-radius: 50%; }

.log { flex: 1; min-height: 0; padding: 1.25em; overflow-y: auto; overscroll-behavior: contain; }
.log:focus-visible, .passage:focus-visible { outline-offset: -3px; }
.greeting { font: 400 1.25em/1.4 var(--serif); white-space: pre-line; text-wrap: pretty; }
.questions { display: grid; gap: .5em; margin-top: 1.25em; }
.questions button {
  width: 100%; min-height: 2.75em; padding: .5em 1em; border: 1px solid var(--rule);
  border-radius: .625em; background: none; font-size: .9375em; line-height: 1.4; text-align: start;
}
.questions button:hover { border-color: var(--edge); background: var(--desk); }

.turn + .turn { margin-top: 1.75em; padding-top: 1.5em; border-top: 1px solid var(--rule); }
.greeting:not([hidden]) ~ .turn { margin-top: 1.5em; }
.asked { margin-bottom: .875em; font-weight: 600; line-height: 1.4; white-space: pre-wrap; }
.stage, .searched, .confidence, .credit, .others, .offer, .begun, .meta {
  color: var(--muted); font-size: .875em; line-height: 1.5;
}
.stage::before {
  content: ""; display: inline-block; width: .5em; height: .5em; margin-inline-end: .625em;
  border-radius: 50%; background: var(--accent); animation: breathe 1.2s ease-in-out infinite;
}
@keyframes breathe { 50% { opacity: .25; } }
.searched { margin-bottom: .75em; }
.quote { margin-bottom: 1.5em; }
blockquote {
  padding-inline-start: .9375em; border-inline-start: 3px solid var(--accent);
  font: 400 1.0625em/1.55 var(--serif);
}
.words { white-space: pre-wrap; }
.words strong { font-weight: 700; }
.credit, .others { padding-inline-start: calc(1.15em + 3px); }
.credit { margin-top: .5em; }
cite { color: var(--ink); font-style: normal; font-weight: 600; }
.chip {
  display: inline-block; min-width: 24px; padding: 0 .4375em; border-radius: .375em;
  background: var(--chip); font: 600 .8em/24px var(--sans); text-align: center; text-decoration: none; white-space: nowrap;
}
.chip:hover { background: var(--fill); color: var(--on-fill); }
.plain {
  min-height: 24px; padding: 0; border: 0; background: none; color: var(--muted);
  text-decoration: underline; text-underline-offset: .18em;
}
.plain:hover { color: var(--ink); }
.written {
  margin-bottom: 1.5em; padding: .875em 1.125em; border-radius: .625em; background: var(--desk);
}
.written .sentences { margin-bottom: .625em; }
.introduction { margin-bottom: 1em; color: var(--muted); font-size: .9375em; }
.catalogue li { padding: .5em 0; border-top: 1px solid var(--rule); font-size: .9375em; }
.catalogue .cite { display: block; min-height: 24px; }
.compared {
  margin-bottom: 1.5em; padding: .875em 1.125em; border: 1px solid var(--edge);
  border-radius: .625em;
}
.differs { font-size: .9375em; font-weight: 600; }
.compared li {
  margin-top: .5em; color: var(--muted); font-size: .875em; line-height: 1.7;
  overflow-wrap: anywhere;
}
.compared cite { font-weight: 400; }
.compared mark {
  padding: .0625em .3125em; border-radius: .25em; background: var(--chip); color: var(--ink);
  font-weight: 600;
}
.by { color: var(--muted); font-size: .875em; line-height: 1.5; }
.unsure { margin-bottom: 1em; font-size: .9375em; font-weight: 600; }
.perhaps .quote { margin-bottom: 1.125em; }
.perhaps blockquote {
  border-inline-start: 3px dashed var(--edge); color: var(--muted); font-size: .9375em;
}
.perhaps .words strong { color: var(--ink); font-weight: 600; }
.perhaps cite { color: var(--muted); font-weight: 400; }
.refusal { padding: 1em 1.125em; border: 1px dashed var(--edge); border-radius: .625em; }
.refusal strong { display: block; margin-bottom: .25em; }
.refusal .why { font-size: .9375em; }
.refusal .offer { margin: .875em 0 .375em; }
.refusal li { padding: .625em 0; border-top: 1px solid var(--rule); }
.refusal li:last-child { padding-bottom: 0; }
.refusal .cite { display: block; min-height: 24px; font-size: .9375em; }
.refusal .begun { display: block; }
.feedback { margin-top: 1em; color: var(--muted); font-size: .8125em; }
.feedback .judge { display: flex; flex-wrap: wrap; align-items: center; gap: .5em; margin-bottom: .375em; }
.feedback button {
  min-height: 2.5em; padding: 0 .875em; border: 1px solid var(--edge); border-radius: 999px;
  background: none; color: var(--ink);
}
.feedback button:hover { background: var(--desk); }
.feedback button[aria-pressed="true"] { border-color: var(--accent); background: var(--chip); }
.feedback form { display: flex; flex-wrap: wrap; align-items: end; gap: .5em; margin-top: .5em; }
.feedback label { flex: 1 1 12em; }
.feedback input {
  display: block; width: 100%; min-height: 2.5em; padding: .25em .75em; border: 1px solid var(--edge);
  border-radius: .5em; background: var(--paper); color: var(--ink); font: inherit;
}
.feedback .told { color: var(--ink); }
.failure {
  padding: .875em 1.125em; border-inline-start: 3px solid var(--wrong);
  background: var(--wrong-paper); color: var(--wrong); font-size: .9375em;
}
.failure button {
  min-height: 2.25em; margin-top: .625em; padding: .25em .875em; border: 1px solid currentColor;
  border-radius: 999px; background: none; font-weight: 600;
}

.ask {
  display: flex; flex: none; padding: .75em 1em; border-top: 1px solid var(--rule);
  padding-block-end: calc(.75em + env(safe-area-inset-bottom, 0px));
}
.ask > div { display: flex; flex: 1; gap: .5em; align-items: flex-end; min-width: 0; }
textarea {
  flex: 1; min-width: 0; height: 2.875em; max-height: 8.5em; padding: .6875em .875em;
  border: 1px solid var(--edge); border-radius: .625em; background: var(--paper);
  line-height: 1.4; resize: none; overflow-y: auto;
}
textarea::placeholder { color: var(--muted); opacity: 1; white-space: nowrap; }
textarea:focus { border-color: var(--accent); outline: 2px solid var(--accent); outline-offset: 0; }
.send {
  flex: none; min-height: 2.875em; padding: 0 1.125em; border: 1px solid var(--rim);
  border-radius: .625em; background: var(--fill); color: var(--on-fill); font-weight: 600;
}
.send:focus-visible { border-radius: .625em; }
.send[aria-disabled="true"] { opacity: .6; cursor: default; }

.source {
  position: absolute; inset: 0; display: flex; flex-direction: column; background: var(--paper);
  animation: rise .16s ease-out;
}
.source header { padding-inline: 1.25em; justify-content: space-between; font-size: .9375em; }
.back {
  display: inline-flex; align-items: center; gap: .5em; min-height: 2.5em;
  margin-inline-start: -.5em; padding-block: 0; padding-inline: .5em .875em; border: 0; border-radius: 999px; background: none; font-weight: 600;
}
.back:hover { background: var(--desk); }
.root[dir="rtl"] .back svg { transform: scaleX(-1); }
.passage {
  flex: 1; min-height: 0; padding: 1.25em 1.25em 3em; overflow-y: auto;
  overscroll-behavior: contain;
}
.passage h2 { font: 700 1.25em/1.3 var(--serif); text-wrap: balance; }
.passage .meta { margin-top: .375em; }
.passage .text {
  margin-top: 1.125em; font: 400 1.0625em/1.62 var(--serif); white-space: pre-wrap;
}
mark {
  border-radius: 2px; background: var(--mark); color: var(--mark-ink);
  box-decoration-break: clone; -webkit-box-decoration-break: clone;
}
.notice { margin-top: 1em; padding: .75em 1em; background: var(--desk); font-size: .9375em; }

@media ${FULL_SCREEN} {
  dialog.panel {
    inset: 0; width: 100%; height: 100dvh; border: 0; border-radius: 0; box-shadow: none;
  }
}
@media (prefers-reduced-motion: reduce) {
  *, ::before { animation: none !important; transition: none !important; }
}
@media print { :host(:not([inline], [embedded])) { display: none !important; } }
`;

  const DRAWN = {
    quotes: "M3 17c0-6 2-10 7-12l1 2c-3 1-4 3-4 5h4v6H3zm11 0c0-6 2-10 7-12l1 2c-3 1-4 3-4 5h4v6h-8z",
    cross: "M18.7 6.7 17.3 5.3 12 10.6 6.7 5.3 5.3 6.7l5.3 5.3-5.3 5.3 1.4 1.4 5.3-5.3 5.3 5.3 1.4-1.4-5.3-5.3z",
    arrow: "M20 11H7.8l5.6-5.6L12 4l-8 8 8 8 1.4-1.4L7.8 13H20z",
  };

  // Text enters the page here, as text nodes and attributes; no string is ever read as markup.
  const make = (tag, attributes = {}, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
    node.append(...children);
    return node;
  };

  const icon = (name) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    const path = document.createElementNS(space, "path");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    svg.setAttribute("class", name);
    path.setAttribute("d", DRAWN[name]);
    svg.append(path);
    return svg;
  };

  const filled = (words, values) =>
    words.replace(/\{(\w+)\}/g, (blank, name) => values[name] ?? blank);

  // Colours, by WCAG 2.2's relative luminance and contrast ratio; channels from 0 to 255.

  const channels = (hex) => {
    const [, digits] = /^#((?:[\da-f]{3}){1,2})$/i.exec(hex?.trim() ?? "") ?? [];
    if (!digits) return null;
    const wide = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
    return [0, 2, 4].map((at) => parseInt(wide.slice(at, at + 2), 16));
  };

  const luminance = (colour) => {
    const [red, green, blue] = colour.map((channel) => {
      const part = channel / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };

  const contrast = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  // The colour itself or, where it stands out too little, the nearest mix with black or white.
  const standingOut = (colour, ground, ratio) => {
    const end = luminance(ground) > 0.5 ? 0 : 255;
    for (let share = 0; share < 1; share += 0.02) {
      const mixed = colour.map((channel) => Math.round(channel + (end - channel) * share));
      if (contrast(mixed, ground) >= ratio) return mixed;
    }
    return [end, end, end];
  };

  const inkOn = (fill) => (contrast(fill, [255, 255, 255]) >= 4.5 ? [255, 255, 255] : [0, 0, 0]);

  const palette = (accent) => {
    const both = (choose) => {
      const [light, dark] = [PAPER.light, PAPER.dark].map((paper) => `rgb(${choose(paper)})`);
      return `light-dark(${light}, ${dark})`;
    };
    const filling = (paper) => standingOut(accent, paper, paper === PAPER.dark ? 3 : 1);
    return {
      // 5.8 on paper is 4.5 and more on a chip, whose ground is paper with some of the accent.
      "--accent": both((paper) => standingOut(accent, paper, 5.8)),
      "--fill": both(filling),
      "--on-fill": both((paper) => inkOn(filling(paper))),
    };
  };

  // The server

  // What went wrong, in the widget's words or, with a status, in the server's.
  class Problem extends Error {
    constructor(message, status = null) {
      super(message);
      this.status = status;
    }
  }

  // A page of the server's own, as the preview is one, has its visitor's session; no other has.
  const ask = (path, { token, headers, ...options } = {}) =>
    fetch(new URL(path, base), {
      credentials: "same-origin",
      referrerPolicy: "no-referrer",
      signal: AbortSignal.timeout(PATIENCE),
      headers: { ...headers, ...(token && { Authorization: `Bearer ${token}` }) },
      ...options,
    });

  // Whether the server is there and only has not named this origin; the console says what to do.
  const isStranger = async () => {
    try {
      const { allowed, message } = await (await ask("origin")).json();
      if (!allowed) console.error(`Steward: ${message}`);
      return !allowed;
    } catch {
      return false;
    }
  };

  // Server-sent events of a response, each as [name, data].
  async function* eventsOf(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    try {
      for (;;) {
        const { done, value } = await reader.read();
        if (done) return;
        const blocks = (rest + value).split(/\r?\n\r?\n/);
        rest = blocks.pop();
        for (const block of blocks) {
          // Not by a pattern of lines: they would end at U+2028 too, which may be in a quote.
          const lines = block.split(/\r?\n/).map((line) => line.match(/^(\w+): ?(.*)$/s));
          const of = (name) =>
            lines
              .filter((line) => line?.[1] === name)
              .map((line) => line[2])
              .join("\n");
          if (of("data")) yield [of("event"), JSON.parse(of("data"))];
        }
      }
    } finally {
      reader.cancel().catch(() => {}); // of a stream that broke, which has been told already
    }
  }

  // An address of the server's own; a document cannot bring in another.
  const own = (url) => {
    const address = new URL(url, base);
    return address.origin === base.origin ? address.href : base.href;
  };

  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);

  class StewardChat extends HTMLElement {
    #settings;
    #words;
    #language;
    #root;
    #launcher;
    #panel;
    #talk;
    #log;
    #field;
    #send;
    #source;
    #back;
    #status;
    #opener = null;
    #busy = false;
    #turns = [];
    #narrow = window.matchMedia(FULL_SCREEN);

    connectedCallback() {
      if (!this.shadowRoot) this.#begin();
      // In the top layer no transform, overflow or z-index of the page has a say in where it is.
      if (this.#launcher) {
        this.popover = "manual";
        this.showPopover();
      }
    }

    #begin() {
      this.#settings = { ...script.dataset, ...this.dataset, ...this.#fromAddress() };
      const asked = this.#settings.lang?.trim();
      const page = document.documentElement.lang.split("-")[0].toLowerCase();
      this.#language = asked || (WORDS[page] ? document.documentElement.lang : "en");
      const known = WORDS[this.#language.split("-")[0].toLowerCase()] ?? WORDS.en;
      this.#words = Object.fromEntries(
        Object.entries(known).map(([name, words]) => [name, this.#settings[name] ?? words]),
      );
      // Open: a closed root keeps no secret from the page, but would hide the widget from the
      // tools that check a page's accessibility.
      const shadow = this.attachShadow({ mode: "open" });
      shadow.adoptedStyleSheets = [sheet];
      this.#build();
      shadow.append(this.#root);
      if (!this.#root.dataset.theme && this.hasAttribute("inline")) this.#follow();
      // To the page a key pressed in the field would be one pressed outside any field.
      for (const kind of ["keydown", "keypress", "keyup"])
        shadow.addEventListener(kind, (event) => event.stopPropagation());
      if (this.#launcher && "open" in this.#settings && this.#settings.open !== "false")
        if (!this.#narrow.matches) this.#expand(false);
    }

    // Of the page alone in a frame the address says what it is called and what it looks like.
    #fromAddress() {
      if (!this.hasAttribute("embedded")) return {};
      const query = [...new URLSearchParams(window.location.search)];
      const kept = query.filter(([name, value]) => BY_ADDRESS.includes(name) && value.trim());
      return Object.fromEntries(kept.map(([name, value]) => [name, value.slice(0, LONGEST)]));
    }

    #say(name, values = {}) {
      return filled(this.#words[name], values);
    }

    // What is seen

    #build() {
      const { accent, theme, questions = "" } = this.#settings;
      const rightToLeft = RIGHT_TO_LEFT.test(this.#language);
      this.#root = make("div", { class: "root", lang: this.#language });
      this.#root.dir = rightToLeft ? "rtl" : "ltr";
      if (theme === "light" || theme === "dark") this.#root.dataset.theme = theme;
      if (accent && !channels(accent))
        console.warn(`Steward: the accent ${JSON.stringify(accent)} is not #rgb or #rrggbb.`);
      const colours = palette(channels(accent) ?? channels(ACCENT));
      for (const [name, value] of Object.entries(colours)) this.#root.style.setProperty(name, value);

      const alone = this.hasAttribute("embedded");
      const floating = !alone && !this.hasAttribute("inline");
      const name = make(alone ? "h1" : "h2", { class: "name", id: "name", dir: "auto" });
      name.append(this.#say("title"));
      this.#panel = make(floating ? "dialog" : alone ? "main" : "section", {
        class: "panel",
        "aria-labelledby": "name",
      });
      this.#buildTalk(make("header", {}, name), questions);
      this.#buildSource();
      this.#status = make("p", { class: "unseen", role: "status" });
      this.#panel.append(this.#talk, this.#source, this.#status);
      this.#root.append(this.#panel);
      this.#panel.addEventListener("keydown", (event) => {
        if (event.key !== "Escape" || event.isComposing || this.#panel.matches(":modal")) return;
        this.#retreat();
      });
      if (floating) this.#buildLauncher();
      if (alone) {
        document.title = this.#say("title");
        document.documentElement.lang = this.#language;
      }
    }

    // Light or dark as the page is around it, which the colour of the page's words tells whatever
    // made them so.
    #follow() {
      const follow = () => {
        const ink = getComputedStyle(this.parentElement ?? document.body).color;
        // Mixed in sRGB a colour is written in its channels, in whatever space the page has it.
        this.#root.style.outlineColor = `color-mix(in srgb, ${ink}, ${ink})`;
        const mixed = getComputedStyle(this.#root).outlineColor.match(/[\d.]+(e-\d+)?/g) ?? [0, 0, 0];
        const light = luminance(mixed.slice(0, 3).map((channel) => channel * 255));
        this.#root.dataset.theme = light > 0.35 ? "dark" : "light";
      };
      window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", follow);
      window.addEventListener("load", follow);
      document.addEventListener("transitionend", follow);
      const changes = new MutationObserver(follow);
      for (const node of [document.documentElement, document.body])
        changes.observe(node, { attributes: true });
      follow();
    }

    #buildLauncher() {
      const label = make("span", {}, this.#say("launcher"));
      this.#launcher = make("button", {
        type: "button",
        class: "launcher",
        "aria-expanded": "false",
        "aria-haspopup": "dialog",
      });
      this.#launcher.append(icon("quotes"), label);
      this.#root.prepend(this.#launcher);
      this.#launcher.addEventListener("click", () => {
        if (this.#panel.open) this.#panel.close();
        else this.#expand();
      });
      const close = make("button", { type: "button", class: "icon", "aria-label": this.#say("close") });
      close.append(icon("cross"));
      close.addEventListener("click", () => this.#panel.close());
      this.#talk.querySelector("header").append(close);
      this.#panel.addEventListener("cancel", (event) => {
        event.preventDefault();
        this.#retreat();
      });
      this.#panel.addEventListener("close", () => {
        if (this.#panel.open) return;
        this.#launcher.setAttribute("aria-expanded", "false");
        this.#launcher.focus({ preventScroll: true });
      });
      this.#narrow.addEventListener("change", () => {
        if (!this.#panel.open) return;
        const focused = this.shadowRoot.activeElement;
        this.#panel.close();
        this.#expand(false);
        focused?.focus({ preventScroll: true });
      });
    }

    #buildTalk(header, questions) {
      this.#log = make("div", {
        class: "log",
        role: "log",
        tabindex: "0",
        "aria-label": this.#say("conversation"),
      });
      this.#log.append(make("p", { class: "greeting", dir: "auto" }, this.#say("greeting")));
      const offered = questions.split("|").map((question) => question.trim()).filter(Boolean);
      const list = make("ul", { class: "questions" });
      for (const question of offered) {
        const button = make("button", { type: "button", dir: "auto" }, question);
        button.addEventListener("click", () => this.#ask(question));
        list.append(make("li", {}, button));
      }
      if (offered.length) this.#log.append(list);

      this.#field = make("textarea", {
        rows: "1",
        dir: "auto",
        enterkeyhint: "send",
        "aria-label": this.#say("field"),
        placeholder: this.#say("placeholder"),
      });
      this.#send = make("button", { type: "submit", class: "send" }, this.#say("ask"));
      const form = make("form", { class: "ask" }, make("div", {}, this.#field, this.#send));
      this.#field.addEventListener("input", () => this.#fit());
      this.#field.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        form.requestSubmit();
      });
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const question = this.#field.value.trim();
        if (!question || this.#busy) return;
        this.#field.value = "";
        this.#fit();
        this.#ask(question);
      });
      this.#talk = make("div", { class: "talk" }, header, this.#log, form);
    }

    #buildSource() {
      this.#back = make("button", { type: "button", class: "back" }, icon("arrow"), this.#say("back"));
      this.#back.addEventListener("click", () => this.#retreat());
      this.#source = make("div", {
        class: "source",
        role: "group",
        "aria-label": this.#say("source"),
        hidden: "",
      });
    }

    // As high as what is typed, within what the style allows.
    #fit() {
      this.#field.style.height = "";
      const edges = this.#field.offsetHeight - this.#field.clientHeight;
      this.#field.style.height = `${this.#field.scrollHeight + edges}px`;
    }

    // Opening and closing

    #expand(takeFocus = true) {
      this.#launcher.setAttribute("aria-expanded", "true");
      if (this.#narrow.matches) this.#panel.showModal();
      else if (takeFocus) this.#panel.show();
      else this.#panel.setAttribute("open", "");
      // Over a whole screen the focus is left on the first button: in the field it would open a
      // keyboard over the greeting.
      if (takeFocus && !this.#narrow.matches && this.#source.hidden)
        this.#field.focus({ preventScroll: true });
    }

    // One step back: from a source to the conversation, from there to the page.
    #retreat() {
      if (this.#source.hidden) {
        if (this.#launcher) this.#panel.close();
        return;
      }
      this.#source.hidden = true;
      this.#talk.inert = false;
      (this.#opener?.isConnected ? this.#opener : this.#field).focus({ preventScroll: true });
    }

    // Questions and answers

    #ask(question) {
      if (this.#busy) return;
      for (const offered of this.#log.querySelectorAll(".greeting, .questions")) offered.hidden = true;
      const said = make("div", { class: "said" });
      const turn = make("div", { class: "turn" });
      turn.append(make("p", { class: "asked", dir: "auto" }, question), said);
      this.#log.append(turn);
      this.#answer(question, turn, said);
    }

    async #answer(question, turn, said) {
      this.#busy = true;
      this.#send.setAttribute("aria-disabled", "true");
      this.#stage(said, "searching");
      // The button that was pressed may just have left.
      if (!this.shadowRoot.activeElement?.checkVisibility())
        (this.#narrow.matches ? this.#log : this.#field).focus({ preventScroll: true });
      this.#scrollTo(turn);
      try {
        const answer = await this.#request(question, said);
        this.#turns.push({ question, answer: answer.quotes.map(({ text }) => text).join("\n") });
      } catch (error) {
        said.replaceChildren(this.#failure(error, () => this.#answer(question, turn, said)));
      }
      this.#scrollTo(turn);
      this.#busy = false;
      this.#send.removeAttribute("aria-disabled");
    }

    #stage(said, name) {
      said.replaceChildren(make("p", { class: "stage" }, this.#say(name)));
    }

    #scrollTo(turn) {
      this.#log.scrollTop = turn.offsetTop - this.#log.offsetTop - 16;
    }

    // Asks and shows what comes, as it comes; returns the whole answer.
    async #request(question, said) {
      const history = this.#turns.slice(-TURNS_SENT);
      const tags = (this.#settings.tags ?? "").split(",").map((tag) => tag.trim()).filter(Boolean);
      const stopping = new AbortController();
      const response = await this.#reach("api/ask", {
        method: "POST",
        headers: { Accept: "text/event-stream", "Content-Type": "application/json" },
        body: JSON.stringify({ question, history, ...(tags.length > 0 && { tags }) }),
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(PATIENCE)]),
      });
      if (!response.headers.get("Content-Type")?.startsWith("text/event-stream"))
        return this.#show(await response.json(), said);
      const shown = [];
      let answer = null; // that stands, while a language model still writes of it
      let prose;
      try {
        for await (const [name, data] of eventsOf(response)) {
          if (name === "reading") this.#stage(said, "reading");
          if (name === "quote") {
            if (!shown.length) said.replaceChildren();
            shown.push(data);
            said.append(this.#quote(data));
          }
          if (name === "answer") {
            answer = this.#show(data, said, JSON.stringify(shown));
            prose = this.#writing(answer, said, () => stopping.abort());
          }
          if (name === "sentence") prose.add(data);
          if (name === "done" && answer) prose.end(data.prose.outcome);
          if (name === "done") return answer ?? this.#show(data, said, JSON.stringify(shown));
          if (name === "error") throw new Problem(data.message, response.status);
        }
        throw new Problem(this.#say("failed"));
      } catch (error) {
        if (!answer) throw error;
        prose.end(stopping.signal.aborted ? "stopped" : "failed");
        return answer;
      }
    }

    // A place above the quotes for what a language model writes, sentence by sentence.
    #writing(answer, said, halt) {
      const sentences = make("p", { class: "sentences", dir: "auto", hidden: "" });
      const line = make("p", { class: "stage" }, this.#say("writing"), " ");
      const box = make("div", { class: "written" }, sentences, line);
      if (halt) {
        const button = make("button", { type: "button", class: "plain" }, this.#say("stop"));
        button.addEventListener("click", halt);
        line.append(button);
      }
      said.prepend(box);
      return {
        add: ({ text, cites }) => {
          sentences.hidden = false;
          sentences.append(text, "\u00a0");
          for (const quote of answer.quotes)
            if (cites.includes(quote.number)) sentences.append(this.#chip(quote), " ");
        },
        end: (outcome) => {
          const kept = this.#say(sentences.hidden ? "alone" : "checked");
          const focused = line.contains(this.shadowRoot.activeElement);
          line.className = "by";
          line.replaceChildren(`${this.#say(OUTCOMES[outcome] ?? "proseFailed")} ${kept}`);
          if (focused) this.#field.focus({ preventScroll: true });
        },
      };
    }

    async #reach(path, options) {
      let response;
      try {
        response = await ask(path, { token: this.#settings.token, ...options });
      } catch {
        throw new Problem(this.#say((await isStranger()) ? "stranger" : "unreachable"));
      }
      if (response.ok) return response;
      if (response.status === 401) throw new Problem(this.#say("closed"));
      const seconds = response.headers.get("Retry-After");
      if (response.status === 429 || response.status === 503) {
        const wait = /^\d+$/.test(seconds ?? "") ? ` ${this.#say("wait", { n: seconds })}` : "";
        throw new Problem(this.#say("busy") + wait);
      }
      const { message } = await response.json().catch(() => ({}));
      throw message ? new Problem(message, response.status) : new Problem(this.#say("failed"));
    }

    #show(answer, said, shown = "") {
      // Quotes that are there already stay: someone may be reading or copying them.
      said.classList.toggle("perhaps", answer.kind === "perhaps");
      if (answer.kind === "help") {
        said.replaceChildren(this.#help(answer));
        return answer;
      }
      const { quotes } = answer;
      const quoted = answer.answered || quotes.length > 0;
      if (!quotes.length || JSON.stringify(quotes) !== shown) {
        const parts = quoted
          ? answer.quotes.map((quote) => this.#quote(quote))
          : [this.#refusal(answer)];
        said.replaceChildren(...parts);
      }
      said.prepend(...this.#introduction(answer), ...this.#compared(answer));
      if (answer.kind === "perhaps") {
        const other = answer.reason === "other_language";
        said.prepend(make("p", { class: "unsure" }, other ? answer.message : this.#say("unsure")));
      }
      if (answer.searched !== answer.question) {
        const line = make("p", { class: "searched" });
        const [before, after] = this.#words.searched.split("{words}");
        line.append(before, make("q", { dir: "auto" }, answer.searched), after ?? "");
        said.prepend(line);
      }
      if (quotes.length && answer.kind !== "overview") {
        const percent = Math.floor(Number((answer.confidence * 100).toFixed(6)));
        const { agreement } = answer;
        const agreeing = Math.max(0, ...(agreement?.positions ?? []).map((each) => each.sources.length));
        const agree = agreement && !agreement.differ.length ? this.#say("agree", { n: agreeing }) : "";
        const line = `${agree} ${this.#say("confident", { n: percent })}`.trim();
        said.append(make("p", { class: "confidence" }, line));
      }
      if (answer.feedback) said.append(this.#judging(answer.feedback));
      if (answer.prose) {
        const prose = this.#writing(answer, said);
        answer.prose.sentences.forEach(prose.add);
        prose.end(answer.prose.outcome);
      }
      return answer;
    }

    // What an overview is made of, or the documents that were asked for.
    #introduction(answer) {
      const documents = answer.catalogue ?? [];
      if (!documents.length) {
        if (answer.kind !== "overview") return [];
        const all = answer.quotes.flatMap((quote) => [quote, ...(quote.also_in ?? [])]);
        const m = new Set(all.map((quote) => quote.document_id)).size;
        const line = this.#say("overview", { n: answer.quotes.length, m });
        return [make("p", { class: "introduction" }, line)];
      }
      const dated = documents.filter((each) => each.published);
      const newest = dated.reduce((one, each) => (each.published > one.published ? each : one), dated[0]);
      const { title } = newest ?? documents[0];
      const day = newest && this.#day(newest.published);
      const one = newest ? "oneDocument" : "oneUndated";
      const several = newest ? "documentsDated" : "documentsUndated";
      const name = documents.length === 1 ? one : several;
      const list = make("ul", { class: "catalogue" });
      for (const each of documents) {
        const link = make("a", { class: "cite", href: own(each.url), dir: "auto" }, each.title);
        link.target = "_blank";
        link.rel = "noopener";
        list.append(make("li", {}, link, make("span", { class: "begun" }, this.#origin(each))));
      }
      const line = this.#say(name, { n: documents.length, title, day });
      return [make("p", { class: "introduction" }, line), list];
    }

    // Where the sources differ, with the words in which they do.
    #compared({ agreement, quotes }) {
      if (!agreement?.differ.length) return [];
      const kinds = agreement.differ.map((kind) => this.#say(DIFFERENCES[kind]));
      const parts = [this.#say("differ", { what: kinds.join(` ${this.#say("and")} `) })];
      const all = quotes.flatMap((quote) => [quote, ...(quote.also_in ?? [])]);
      const list = make("ul");
      for (const { words, sources } of agreement.positions) {
        const item = make("li");
        for (const each of words) item.append(make("mark", { dir: "auto" }, each), " ");
        for (const [at, source] of sources.entries()) {
          const newest = source.document_id === agreement.newest;
          if (newest) parts.push(this.#say("newestIs", { title: source.title }));
          const dated = [this.#day(source.published) ?? this.#say("undated")];
          if (newest) dated.push(this.#say("newest"));
          const quote = all.find(
            ({ number, document_id: id }) => number === source.number && id === source.document_id,
          );
          const title = make("cite", { dir: "auto" }, source.title);
          item.append(at ? ", " : "", this.#chip(quote), " ", title, ` (${dated.join(", ")})`);
        }
        list.append(item);
      }
      const line = make("p", { class: "differs" }, parts.join(" "));
      return [make("div", { class: "compared" }, line, list)];
    }

    // Whether it helped, and a line of words; nothing is sent before a button is pressed.
    #judging({ id, days }) {
      const box = make("div", { class: "feedback" });
      const told = make("p", { class: "told", role: "status" });
      const field = make("input", { type: "text", maxlength: "500" });
      const send = make("button", {}, this.#say("give"));
      const form = make("form", { hidden: "" }, make("label", {}, this.#say("what"), field), send);
      const buttons = ["helped", "notHelped"].map((name) => {
        const button = make("button", { type: "button", class: name }, this.#say(name));
        button.addEventListener("click", () => give(button));
        return button;
      });
      let pressed = buttons[1];
      const give = async (button) => {
        const words = field.value.trim();
        try {
          await this.#reach("api/feedback", {
            method: "POST",
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ id, helped: button === buttons[0], words }),
          });
        } catch (error) {
          told.textContent = error instanceof Problem ? error.message : this.#say("failed");
          return;
        }
        told.textContent = this.#say(words ? "thanksForWords" : "thanks");
        pressed = button;
        for (const each of buttons) each.setAttribute("aria-pressed", String(each === button));
        form.hidden = words !== "";
        if (!words) field.focus({ preventScroll: true });
      };
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        if (field.value.trim()) give(pressed);
      });
      const judge = make("p", { class: "judge" }, make("span", {}, this.#say("judge")), ...buttons);
      box.append(judge, make("p", { class: "kept" }, this.#say("kept", { n: days })), form, told);
      return box;
    }

    #quote(quote) {
      const words = make("span", { class: "words" });
      const [before, marked, after] = quote.reads;
      words.append(before, marked ? make("strong", {}, marked) : "", after);
      const number = `[${quote.number}]`;
      const figure = make("figure", { class: "quote" });
      const copy = make("button", { type: "button", class: "plain copy" }, this.#say("copy"));
      copy.setAttribute("aria-label", `${this.#say("copy")} ${number}`);
      copy.addEventListener("click", () => this.#copy(quote, copy));
      const credit = make("figcaption", { class: "credit" });
      credit.append(make("cite", { dir: "auto" }, quote.title));
      const origin = this.#origin(quote);
      credit.append(origin ? ` · ${origin} ` : " ", "\u00a0", copy);
      figure.append(make("blockquote", { dir: "auto" }, words, "\u00a0", this.#chip(quote)), credit);
      if (quote.also_in?.length) {
        const others = make("p", { class: "others" }, this.#say("also"));
        for (const [at, other] of quote.also_in.entries())
          others.append(at ? ", " : " ", this.#cite(other, other.title, "also"));
        figure.append(others);
      }
      return figure;
    }

    #chip(quote) {
      const number = `[${quote.number}]`;
      const name = `${number} ${this.#say("view", { title: quote.title })}`;
      return this.#cite(quote, number, "chip", name);
    }

    // Who published it, when, and the page, slide or the like, as far as it is known.
    #origin({ publisher, published, place }) {
      const day = this.#day(published);
      const paged = /^page (\d+)$/.exec(place ?? "");
      const where = paged ? this.#say("page", { n: paged[1] }) : place;
      return [publisher, day, where].filter(Boolean).join(", ");
    }

    #day(published) {
      if (!/^\d{4}-\d\d-\d\d$/.test(published ?? "")) return published;
      const format = { dateStyle: "long", timeZone: "UTC" };
      try {
        return new Intl.DateTimeFormat(this.#language, format).format(new Date(published));
      } catch {
        return published; // a language or a day that does not exist: shown as it is written
      }
    }

    #cite(place, label, kind, name) {
      const link = make("a", { class: `cite ${kind}`, href: own(place.url), dir: "auto" }, label);
      link.target = "_blank";
      link.rel = "noopener";
      if (name) link.setAttribute("aria-label", name);
      link.addEventListener("click", (event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        event.preventDefault();
        this.#open(place, link);
      });
      return link;
    }

    #refusal(answer) {
      const least = Math.ceil(Number((answer.threshold * 100).toFixed(6)));
      const percent = Math.floor(Number((answer.confidence * 100).toFixed(6)));
      const refusal = make("div", { class: "refusal" });
      refusal.append(
        make("p", { class: "why" }, make("strong", {}, this.#say("refused")), this.#why(answer)),
        make("p", { class: "confidence" }, this.#say("certainty", { n: percent, least })),
      );
      if (answer.nearest?.length) {
        const list = make("ul");
        for (const passage of answer.nearest) {
          const link = this.#cite(passage, passage.title, "nearest");
          list.append(make("li", {}, link, make("span", { class: "begun", dir: "auto" }, passage.begins)));
        }
        refusal.append(make("p", { class: "offer" }, this.#say("nearest")), list);
      }
      return refusal;
    }

    // What a greeting gets: a line, and questions to begin with.
    #help({ message, examples }) {
      const help = make("div", { class: "help" }, make("p", { dir: "auto" }, message));
      const list = make("div", { class: "questions" });
      for (const question of examples ?? []) {
        const button = make("button", { type: "button", dir: "auto" }, question);
        button.addEventListener("click", () => this.#ask(question));
        list.append(button);
      }
      if (list.childElementCount) help.append(list);
      return help;
    }

    #why({ reason, unknown, message }) {
      if (reason === "unknown_words") {
        const quoted = unknown.map((word) => `“${word}”`);
        const before = quoted.slice(0, -1).join(", ");
        const words = [before, ...quoted.slice(-1)].filter(Boolean).join(` ${this.#say("or")} `);
        return this.#say(unknown.length > 1 ? "notKnownWords" : "notKnown", { words });
      }
      if (reason === "nothing_similar" || reason === "low_confidence") return this.#say("otherWords");
      return message;
    }

    #failure(error, again) {
      const line = make("span", {}, error instanceof Problem ? error.message : this.#say("failed"));
      if (error.status) line.lang = "en";
      const retry = make("button", { type: "button" }, this.#say("retry"));
      retry.addEventListener("click", () => this.#busy || again());
      const failure = make("div", { class: "failure" });
      failure.append(make("p", {}, make("strong", {}, this.#say("error")), " ", line), retry);
      return failure;
    }

    async #copy(quote, button) {
      const credit = [quote.title, this.#origin(quote)].filter(Boolean).join(", ");
      const words = `“${quote.reads.join("")}”\n${credit}\n${own(quote.url)}`;
      let done = "copied";
      try {
        await navigator.clipboard.writeText(words);
      } catch {
        // Without https, or in a frame that may not: the older way.
        const give = (event) => {
          event.clipboardData.setData("text/plain", words);
          event.preventDefault();
          event.stopImmediatePropagation();
        };
        document.addEventListener("copy", give, { capture: true, once: true });
        if (!document.execCommand("copy")) done = "uncopied";
        document.removeEventListener("copy", give, true);
      }
      const name = button.ariaLabel;
      button.textContent = button.ariaLabel = this.#status.textContent = this.#say(done);
      window.setTimeout(() => {
        button.textContent = this.#say("copy");
        button.ariaLabel = name;
        this.#status.textContent = "";
      }, 2000);
    }

    // The source, in place

    async #open(place, opener) {
      this.#opener = opener;
      const whole = make("a", { href: own(place.url), target: "_blank", rel: "noopener" });
      whole.append(this.#say(place.page_image ? "onPage" : "whole"));
      const passage = make("div", { class: "passage", tabindex: "0" });
      passage.append(make("h2", { dir: "auto" }, place.title));
      const stage = make("p", { class: "stage" }, this.#say("searching"));
      passage.append(stage);
      this.#source.replaceChildren(make("header", {}, this.#back, whole), passage);
      this.#source.hidden = false;
      this.#talk.inert = true;
      this.#back.focus({ preventScroll: true });
      try {
        const { document_id: id, start, end, sha256 } = place;
        const query = new URLSearchParams({ start, end, ...(sha256 && { sha256 }) });
        const path = `api/documents/${encodeURIComponent(id)}?${query}`;
        const found = await (await this.#reach(path)).json();
        stage.replaceWith(...this.#excerpt(found, place));
        const mark = passage.querySelector("mark");
        if (mark) passage.scrollTop = mark.offsetTop - passage.offsetTop - passage.clientHeight / 4;
      } catch (error) {
        stage.replaceWith(
          error.status === 409
            ? this.#changed()
            : this.#failure(error, () => this.#open(place, opener)),
        );
      }
    }

    #changed() {
      return make("p", { class: "notice", role: "note" }, this.#say("changed"));
    }

    #excerpt(found, place) {
      const parts = [make("p", { class: "meta" }, this.#origin({ ...found, page: place.page }))];
      const { before, quote, after, reads } = found.excerpt;
      // A quote is never shown where its document does not hold it.
      if (quote !== place.text) return [...parts, this.#changed()];
      const text = make("div", { class: "text", dir: "auto" });
      const [above, marked, below] = reads;
      // Offsets count code points, which the length of a string does not.
      const whole = [...before].length === place.start;
      const last = place.end + [...after].length >= found.length;
      text.append(whole ? "" : "… ", above, make("mark", {}, marked), below, last ? "" : " …");
      return [...parts, text];
    }
  }

  customElements.define(NAME, StewardChat);

  const float = () => {
    if (!document.querySelector(NAME)) document.body.append(document.createElement(NAME));
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", float);
  else float();
})();
