// Written into a page of any website, this one line shows a form of Loyal's where it stands, in a frame as tall as the
// form: <script src="https://…/static/prospects/embed.js" data-form="newsletter" async></script>
"use strict";

(() => {
  const script = document.currentScript;
  const { origin } = new URL(script.src);
  const TITLES = { fr: "Formulaire d’inscription", en: "Signup form" };
  const spoken = script.dataset.lang || script.closest("[lang]")?.lang || "";
  const language = spoken.toLowerCase().split("-")[0];
  const path = `/s/${encodeURIComponent(script.dataset.form)}/embed/`;

  const frame = document.createElement("iframe");
  frame.src = origin + (language in TITLES ? `${path}${language}/` : path);
  frame.title = TITLES[language] ?? TITLES.en;
  frame.width = "100%";
  frame.height = "900";
  frame.style.border = "0";

  let isFirst = true;
  frame.addEventListener("load", () => {
    frame.contentWindow.postMessage({ loyal: "how tall?" }, origin);
    // After a press the answer may be above the window.
    if (!isFirst) frame.scrollIntoView({ block: "nearest" });
    isFirst = false;
  });
  window.addEventListener("message", (message) => {
    if (message.origin !== origin || message.source !== frame.contentWindow) return;
    const { height, title } = message.data ?? {};
    if (Number.isFinite(height)) frame.height = String(Math.ceil(height));
    if (typeof title === "string" && title) frame.title = title;
  });
  script.after(frame);
})();
