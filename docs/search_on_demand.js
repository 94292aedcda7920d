// The theme fetches the search index, the heaviest file of the site, on every page. This holds the request back until
// somebody searches. Where the theme asks in another way, nothing is held back and the search works all the same.
(() => {
  const { open, send } = XMLHttpRequest.prototype;
  const searching = /[?&][qh]=/.test(location.search);
  const wanted = searching ? Promise.resolve() : new Promise((resolve) => {
    const search = (event) => event.target.closest?.(".md-search, [for=__search]") && resolve();
    ["focusin", "pointerover", "touchstart"].forEach((kind) => addEventListener(kind, search, { capture: true, passive: true }));
  });
  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    this.forSearch = /\/search_index\.json$/.test(address);
    return open.call(this, method, address, ...rest);
  };
  XMLHttpRequest.prototype.send = function (body) {
    if (this.forSearch) wanted.then(() => send.call(this, body));
    else send.call(this, body);
  };
})();
