// The captcha, unseen: while somebody fills the form, a worker solves a challenge of the site's own (ALTCHA's protocol).
// Whatever fails here, the form is sent without a solution, and the site lets it through within a tighter limit.
"use strict";

for (const form of document.querySelectorAll("form[data-challenge]")) {
  const LONGEST = 30_000;
  const field = form.elements.namedItem("proof");
  const status = form.querySelector("[data-working]");
  let work = null;
  let expiresAt = 0;

  const solve = async () => {
    const answer = await fetch(form.dataset.challenge, { credentials: "omit", headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(`challenge: ${answer.status}`);
    const challenge = await answer.json();
    const worker = new Worker(form.dataset.worker);
    try {
      const solution = await new Promise((resolve, reject) => {
        worker.onmessage = (message) => resolve(message.data);
        worker.onerror = reject;
        worker.postMessage(challenge.parameters);
        setTimeout(reject, LONGEST, new Error("too slow"));
      });
      expiresAt = challenge.parameters.expiresAt * 1000;
      field.value = btoa(JSON.stringify({ challenge, solution }));
    } finally {
      worker.terminate();
    }
  };

  const begin = () => {
    if (!work && window.isSecureContext) work = solve().catch(() => { field.value = ""; });
    return work;
  };

  const forget = () => {
    work = null;
    field.value = "";
  };

  forget();
  window.addEventListener("pageshow", (event) => { if (event.persisted) forget(); });
  form.addEventListener("focusin", begin, { once: true });
  form.addEventListener("submit", async (event) => {
    if (field.value && Date.now() > expiresAt - 10_000) forget();
    if (field.value || !begin()) return;
    event.preventDefault();
    status.hidden = false;
    await work;
    status.hidden = true;
    form.submit();
  });
}
