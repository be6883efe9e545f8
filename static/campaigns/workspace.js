// The marketers' pages work without this script; it saves steps.
(() => {
  const writing = document.querySelector("[data-writing]");
  if (writing) {
    let unsaved = writing.querySelector(".is-invalid, .alert-danger") !== null;
    writing.addEventListener("input", () => { unsaved = true; });
    writing.addEventListener("submit", () => { unsaved = false; });
    window.addEventListener("beforeunload", (event) => { if (unsaved) event.preventDefault(); });

    // A field goes where one was writing last: in the subject or in the message.
    let place = writing.elements.body;
    for (const name of ["subject", "body"]) {
      writing.elements[name].addEventListener("focus", (event) => { place = event.target; });
    }
    for (const button of writing.querySelectorAll("[data-field]")) {
      button.addEventListener("click", () => {
        place.setRangeText(`{{ ${button.dataset.field} }}`, place.selectionStart, place.selectionEnd, "end");
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
