// A convenience only: with a result, all that it rests on and all that rests on it lights up.
(() => {
  "use strict";
  const map = document.querySelector(".map svg");
  const nodes = [...map.querySelectorAll("a")];
  const edges = [...map.querySelectorAll("[data-e]")].map((path) => ({ path, ends: path.dataset.e.split(" ").map((k) => nodes[k]) }));

  // Follow the edges from one end to the other: 0 to what uses a node, 1 to what it uses.
  function reach(node, end, found) {
    for (const { path, ends } of edges) {
      if (ends[end] === node && !found.has(path)) {
        found.add(path).add(ends[1 - end]);
        reach(ends[1 - end], end, found);
      }
    }
    return found;
  }

  function light(node) {
    const lit = new Set(node ? [node, ...reach(node, 0, new Set()), ...reach(node, 1, new Set())] : []);
    map.classList.toggle("lighting", lit.size > 1);
    [...nodes, ...edges.map((edge) => edge.path)].forEach((one) => one.classList.toggle("lit", lit.has(one)));
  }

  const chosen = () => nodes.find((node) => node.matches(":focus-visible")) || nodes.find((node) => node.matches(":target"));
  map.addEventListener("pointerover", (event) => light(event.target.closest("a") || chosen()));
  map.addEventListener("pointerleave", () => light(chosen()));
  ["focusin", "focusout"].forEach((kind) => map.addEventListener(kind, () => setTimeout(() => light(chosen()))));

  // A link to a result of the map shows it in the middle, with what is around it.
  function arrive() {
    nodes.find((node) => node.matches(":target"))?.scrollIntoView({ block: "center", inline: "center" });
    light(chosen());
  }
  addEventListener("hashchange", arrive);
  addEventListener("load", () => setTimeout(arrive)); // after the browser has been there itself
})();
