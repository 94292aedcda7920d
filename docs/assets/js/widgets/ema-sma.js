/* <ema-sma>: the exponential moving average with weight α of the new value, against the mean of the last n values. */

import { Widget, legend, make, plot, show } from "./widget.js";

const LENGTH = 160;
const SHOWN = 40; // ages at which weights are drawn

/** Numbers in [0, 1) that are the same in every browser (mulberry32). */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A step with noise, which is the sum of uniform numbers. */
function signal() {
  const draw = random(7);
  const noise = () => draw() + draw() + draw() - 1.5;
  return Array.from({ length: LENGTH }, (_, t) => (t < LENGTH / 3 ? 0 : 2) + noise());
}

export function ema(values, alpha) {
  let average = values[0];
  return values.map((v) => (average += alpha * (v - average)));
}

/** Values before the first count as the first. */
export function sma(values, window) {
  return values.map((_, t) => {
    let total = 0;
    for (let age = 0; age < window; age++) total += values[Math.max(0, t - age)];
    return total / window;
  });
}

class EmaSma extends Widget {
  controls = [
    { name: "window", label: "window n", min: 1, max: 40, step: 1, value: 10 },
    { name: "alpha", label: "weight α", min: 0.01, max: 1, step: 0.01, value: 0.18 },
  ];

  build(form) {
    this.signal = signal();
    this.match = make("button", { type: "button", class: "w-button" }, "Set α = 2/(n + 1)");
    this.match.addEventListener("click", () => this.matchAlpha());
    this.weights = make("div", { class: "w-picture" });
    this.curves = make("div", { class: "w-picture" });
    this.table = make("tbody");
    const heads = ["SMA", "EMA"].map((name) => make("th", { scope: "col" }, name));
    const table = make("table", { class: "w-table" }, make("thead", {}, make("tr", {}, make("td"), ...heads)), this.table);
    form.append(this.match);
    this.exact = this.matching();
    return [
      make("div", { class: "w-pair" }, form, table),
      make("div", { class: "w-pair" }, this.weights, this.curves),
    ];
  }

  matchAlpha() {
    this.exact = this.matching();
    this.set("alpha", this.exact);
    this.draw();
    this.speak(0);
  }

  matching() {
    return 2 / (this.get("window") + 1);
  }

  changed() {
    this.exact = undefined;
    super.changed();
  }

  draw() {
    const n = this.get("window");
    const alpha = this.exact ?? this.get("alpha"); // the slider has steps, the formula has none
    const kept = (1 - alpha) ** n;
    this.values = {
      window: n, alpha, signal: this.signal, ema: ema(this.signal, alpha), sma: sma(this.signal, n),
      emaAge: (1 - alpha) / alpha, smaAge: (n - 1) / 2,
      emaNoise: alpha / (2 - alpha), smaNoise: 1 / n, inWindow: 1 - kept,
    };
    this.printValues(2);
    this.drawWeights(n, alpha);
    this.drawCurves();
    const { emaAge, smaAge, emaNoise, smaNoise, inWindow } = this.values;
    this.table.replaceChildren(
      row("mean age of a value", show(smaAge, 2), show(emaAge, 2)),
      row("noise left (variance)", show(smaNoise), show(emaNoise)),
      row("weight on the last n", "1", show(inWindow)),
    );
  }

  drawWeights(n, alpha) {
    const ages = Array.from({ length: SHOWN }, (_, age) => age);
    const series = [
      { name: "SMA weights", x: ages, y: ages.map((age) => (age < n ? 1 / n : 0)), kind: "bars", colour: 1 },
      { name: "EMA weights", x: ages, y: ages.map((age) => alpha * (1 - alpha) ** age), kind: "dashed", colour: 2 },
    ];
    const top = 1.1 * Math.max(alpha, 1 / n);
    const title = "Weight of a value in both averages, by its age";
    const axes = { x: { label: "age of the value, steps", limits: [-0.6, SHOWN - 0.4] }, y: { limits: [0, top] }, title };
    this.weights.replaceChildren(legend(series), plot(series, axes));
  }

  drawCurves() {
    const { signal: values, sma: simple, ema: exponential } = this.values;
    const time = values.map((_, t) => t);
    const series = [
      { name: "signal", x: time, y: values, kind: "line", colour: 0 },
      { name: "SMA", x: time, y: simple, kind: "line", colour: 1 },
      { name: "EMA", x: time, y: exponential, kind: "dashed", colour: 2 },
    ];
    const title = "A noisy step with both of its moving averages";
    this.curves.replaceChildren(legend(series), plot(series, { x: { label: "step" }, y: { limits: [-2, 4] }, title }));
  }

  sentence() {
    const { window: n, alpha, smaAge, emaAge, smaNoise, emaNoise } = this.values;
    const same = Math.abs(smaAge - emaAge) < 1e-9 && Math.abs(smaNoise - emaNoise) < 1e-9;
    const head = `n = ${n}, α = ${show(alpha)}`;
    if (same) return `${head}: both averages have mean age ${show(smaAge, 2)} and leave ${show(smaNoise)} of the noise.`;
    return `${head}: mean age ${show(smaAge, 2)} for the SMA, ${show(emaAge, 2)} for the EMA; α = 2/(n + 1) makes them equal.`;
  }
}

const row = (name, ...cells) => make("tr", {}, make("th", { scope: "row" }, name), ...cells.map((c) => make("td", {}, c)));

customElements.define("ema-sma", EmaSma);
