// The editor of a signup form: what visitors would see, and what the law says, follow what is typed.
(() => {
  const preview = document.querySelector("[data-form-preview]");
  const form = preview?.closest("form");
  if (!form) return;
  const frame = preview.querySelector("iframe");
  const checks = document.querySelector(".field-checks .readonly");
  let asked = 0;
  let waiting;

  const ask = async (address) => {
    const answer = await fetch(address, { method: "POST", body: new FormData(form) });
    return answer.ok ? answer.text() : null;
  };

  const show = async () => {
    const mine = ++asked;
    const [page, said] = await Promise.all([ask(preview.dataset.formPreview), ask(preview.dataset.formChecks)]);
    // A slower answer to an earlier question is no news.
    if (mine !== asked || page === null || said === null) return;
    const scrolled = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, scrolled), { once: true });
    frame.srcdoc = page;
    frame.hidden = false;
    if (checks) checks.innerHTML = said;
  };

  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 400);
  });
  form.addEventListener("change", show);
  show();
})();
