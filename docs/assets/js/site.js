// Conveniences only: every page is complete without this file.
(() => {
  "use strict";

  function copyButton(formula) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy-tex";
    button.textContent = "TeX";
    button.setAttribute("aria-label", "Copy the LaTeX of this formula");
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(formula.dataset.tex);
      button.textContent = "copied";
      setTimeout(() => { button.textContent = "TeX"; }, 1200);
    });
    formula.append(button);
  }

  // A box that scrolls must be reachable with the keyboard; one that does not must not be a stop on the way.
  function focusable(box) {
    const scrolls = box.scrollWidth > box.clientWidth + 1;
    if (scrolls && box.tabIndex < 0) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-label", "Formula, scrolls sideways");
    } else if (!scrolls && box.getAttribute("role") === "group") {
      box.removeAttribute("tabindex");
      box.removeAttribute("role");
      box.removeAttribute("aria-label");
    }
  }

  // The theme makes a landmark of the copy button of every piece of code as it comes into view.
  const unmark = () => document.querySelectorAll("nav.md-code__nav:not([role])").forEach((nav) => nav.setAttribute("role", "none"));
  new MutationObserver(unmark).observe(document.querySelector(".md-content") || document.body, { childList: true, subtree: true });
  unmark();

  const formulas = [...document.querySelectorAll("x-tex.x-display")];
  formulas.filter((formula) => !formula.closest(".catalogue")).forEach(copyButton);
  const boxes = [...formulas, ...document.querySelectorAll(".identity, .defs .scroll, .side .scroll")];
  const measure = new ResizeObserver((changed) => changed.forEach((one) => focusable(one.target)));
  boxes.forEach((box) => measure.observe(box));
})();
