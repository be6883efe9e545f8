// In a frame on another website: tells the page around how tall this one is, if that website may show the form.
"use strict";

(() => {
  const origins = document.currentScript.dataset.origins.split(" ");
  let watching = false;

  window.addEventListener("message", (message) => {
    if (message.source !== window.parent || !origins.includes(message.origin) || watching) return;
    watching = true;
    const tell = () => {
      const height = document.body.getBoundingClientRect().height;
      window.parent.postMessage({ height, title: document.title }, message.origin);
    };
    new ResizeObserver(tell).observe(document.body);
    tell();
  });
})();
