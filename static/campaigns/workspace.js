// The marketers' pages work without this script; it saves steps.
(() => {
  const writing = document.querySelector("[data-writing]");
  if (writing) {
    let unsaved = writing.querySelector(".is-invalid, .alert-danger") !== null;
    let sent = false;
    writing.addEventListener("input", () => { unsaved = true; sent = false; });
    writing.addEventListener("submit", () => { unsaved = false; });
    window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

    // What was typed after a draft was sent is not saved with it.
    writing.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "saved") sent = true; });
    writing.addEventListener("htmx:afterSettle", (event) => {
      if (event.target.id === "saved" && sent && writing.querySelector("[data-saved]")) unsaved = false;
    });

    // A field goes where one was writing last, with the words that stand in for it, if any.
    const takesFields = (element) => element.matches("[name=subject], [name=preheader], textarea, [name^=section-][type=text]");
    let place = null;
    writing.addEventListener("focusin", (event) => { if (takesFields(event.target)) place = event.target; });
    for (const button of writing.querySelectorAll("[data-field]")) {
      button.addEventListener("click", () => {
        if (!place?.isConnected) place = [...writing.elements].find((element) => element.matches("textarea") && element.offsetParent);
        if (!place) return;
        const standIn = writing.querySelector("[data-stand-in]").value.replace(/[{}|]/g, "").trim();
        const field = `{{ ${button.dataset.field}${standIn ? ` | ${standIn}` : ""} }}`;
        place.setRangeText(field, place.selectionStart, place.selectionEnd, "end");
        place.focus();
        place.dispatchEvent(new Event("input", { bubbles: true }));
      });
    }
  }

  // The server settles a double press; this only spares the second one.
  document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (button && event.target.method === "post") {
      setTimeout(() => { button.disabled = true; });
      setTimeout(() => { button.disabled = false; }, 5000);
    }
  });
})();
