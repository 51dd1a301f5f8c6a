/* Lets a part of a page follow what happens while somebody looks at it. It asks one small question every few seconds, and
   fetches the page anew when the answer has changed. It asks nothing while the page is hidden, and never again once
   nothing can change any more. What somebody is typing is left alone: they are told, and decide. */
(function () {
  "use strict";

  const PERIOD = 5000;
  const PERIOD_AFTER_ERROR = 30000;

  function start(part) {
    const content = part.querySelector(".deployment-gate-live__content");
    const notice = part.querySelector(".deployment-gate-live__notice");
    const said = part.querySelector(".deployment-gate-live__said");
    let tag = part.dataset.tag;
    let timer = null;
    let over = part.dataset.open !== "true";

    function isInUse() {
      const active = document.activeElement;
      const typed = Array.from(content.querySelectorAll("textarea, input, select")).some(
        (field) =>
          (field.type === "checkbox" && field.checked !== field.defaultChecked) ||
          (field.tagName === "TEXTAREA" && field.value !== field.defaultValue),
      );
      const working = active !== null && content.contains(active) && active !== document.body;
      return typed || working || content.querySelector("details[open]") !== null;
    }

    function later(period) {
      clearTimeout(timer);
      timer = over || document.hidden ? null : setTimeout(look, period);
    }

    function tell() {
      notice.hidden = false;
      over = true;
    }

    function show(text) {
      const fresh = new DOMParser().parseFromString(text, "text/html").querySelector(".deployment-gate-live");
      if (fresh === null || isInUse()) {
        tell();
        return;
      }
      tag = fresh.dataset.tag;
      over = fresh.dataset.open !== "true";
      const nodes = Array.from(fresh.querySelector(".deployment-gate-live__content").childNodes);
      content.replaceChildren.apply(
        content,
        nodes.map((node) => document.adoptNode(node)),
      );
      window.Behaviour.applySubtree(content, false);
      said.textContent = said.dataset.text;
    }

    function update() {
      if (isInUse()) {
        tell();
        return Promise.resolve();
      }
      return fetch(part.dataset.page, { cache: "no-store" }).then((response) =>
        response.ok ? response.text().then(show) : tell(),
      );
    }

    function look() {
      timer = null;
      fetch(part.dataset.url, { headers: { "If-None-Match": tag }, cache: "no-store" })
        .then((response) => {
          if (response.status === 200) {
            return update().then(() => PERIOD);
          }
          if (response.status >= 500) {
            return PERIOD_AFTER_ERROR;
          }
          if (response.status !== 304) {
            // Logged out, or gone: asking again would change nothing.
            tell();
          }
          return PERIOD;
        })
        .catch(() => PERIOD_AFTER_ERROR)
        .then(later);
    }

    document.addEventListener("visibilitychange", function () {
      if (document.hidden) {
        clearTimeout(timer);
        timer = null;
      } else if (timer === null && !over) {
        look();
      }
    });
    if (content.querySelector("[data-reading]") !== null) {
      update().then(() => later(PERIOD));
    } else {
      later(PERIOD);
    }
  }

  window.Behaviour.specify(".deployment-gate-live", "deployment-gate-live", 0, start);
})();
