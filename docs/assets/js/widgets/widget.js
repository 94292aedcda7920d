/* What the interactive elements share: labelled sliders, a calm summary for screen readers, and line plots in SVG.

   An element sets `controls`, lays out its parts in build(form), and recomputes everything in draw() whenever a control
   moves. What it computed is in `values`, in full precision, for tests and for the browser's console. */

const SVG = "http://www.w3.org/2000/svg";
const PAUSE = 600; // milliseconds without a change before the summary is spoken

let count = 0; // of elements on the page: ids must differ

/** An HTML or SVG element with attributes and children. */
export function make(tag, attributes = {}, ...children) {
  const svg = ["svg", "g", "line", "path", "rect", "text", "title"].includes(tag);
  const element = svg ? document.createElementNS(SVG, tag) : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

/** A number as we print it: a true minus, powers of ten where digits would not do. */
export function show(value, digits = 3) {
  const size = Math.abs(value);
  if (value === 0) return "0";
  if (size >= 1e4 || size < 10 ** -digits) return scientific(value);
  return value.toFixed(digits).replace("-", "−");
}

/** An integer as a superscript. */
export const raised = (v) => [...String(v)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("");

function scientific(value) {
  const [mantissa, exponent] = value.toExponential(1).split("e");
  return `${mantissa}\u00a0·\u00a010${raised(Number(exponent))}`.replace("-", "−");
}

export class Widget extends HTMLElement {
  /* Each control: { name, label, min, max, step, value }, or { name, label, choices, value }. */
  controls = [];
  values = {};

  connectedCallback() {
    if (this.inputs) return; // moved within the page
    this.key = `widget-${++count}`;
    this.inputs = {};
    this.summary = make("p", { class: "w-summary", "aria-hidden": "true" }); // for the eye, at once
    this.spoken = make("p", { class: "w-spoken sr", role: "status" });
    const form = make("form", { class: "w-controls" }, ...this.controls.map((c) => this.control(c)));
    form.addEventListener("submit", (event) => event.preventDefault());
    this.replaceChildren(make("div", { class: "w-box" }, ...this.build(form), this.summary, this.spoken));
    this.draw();
    this.speak(0);
  }

  control(c) {
    const id = `${this.key}-${c.name}`;
    const input = c.choices
      ? make("select", { id }, ...c.choices.map((choice) => make("option", {}, choice)))
      : make("input", { id, type: "range", min: c.min, max: c.max, step: c.step });
    input.value = c.value;
    input.addEventListener("input", () => this.changed());
    this.inputs[c.name] = input;
    // the slider speaks its own value; what is printed beside it is for the eye
    const value = make("span", { class: "w-value", "aria-hidden": "true" });
    return make("div", { class: "w-control" }, make("label", { for: id }, c.label), input, c.choices ? "" : value);
  }

  changed() {
    this.draw();
    this.speak(PAUSE);
  }

  /** The value of a control: a number, or the name of a choice. */
  get(name) {
    const input = this.inputs[name];
    return input.type === "range" ? Number(input.value) : input.value;
  }

  set(name, value) {
    this.inputs[name].value = value;
  }

  printValues(digits = 1) {
    for (const input of Object.values(this.inputs)) {
      const whole = Number.isInteger(Number(input.step));
      if (input.type === "range") input.nextSibling.textContent = show(Number(input.value), whole ? 0 : digits);
    }
  }

  /** The sentence is shown at once, and spoken when the slider has come to rest, so that it is not talked over. */
  speak(pause) {
    clearTimeout(this.timer);
    this.summary.textContent = this.sentence();
    this.timer = setTimeout(() => (this.spoken.textContent = this.sentence()), pause);
  }
}

/** Lines in a box with axes. `series`: { name, x, y, kind }, kind one of line, dashed, bars, and a colour 0 to 2. */
export function plot(series, { x, y, log = false, title, width = 360, height = 200 }) {
  const box = { left: 46, right: width - 8, top: 10, bottom: height - 34 };
  const xs = range(series.flatMap((s) => s.x), x.limits);
  const shown = series.flatMap((s) => s.y).filter((v) => Number.isFinite(v));
  const ys = range(shown, y.limits);
  const across = (v) => box.left + ((v - xs[0]) / (xs[1] - xs[0])) * (box.right - box.left);
  const up = (v) => box.bottom - ((v - ys[0]) / (ys[1] - ys[0])) * (box.bottom - box.top);
  const svg = make("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": title, class: "w-plot" });
  for (const v of ticks(...ys)) {
    svg.append(make("line", { x1: box.left, x2: box.right, y1: up(v), y2: up(v), class: "w-grid" }));
    svg.append(make("text", { x: box.left - 6, y: up(v) + 4, class: "w-end" }, log ? power(v) : tidy(v)));
  }
  for (const v of ticks(...xs)) svg.append(make("text", { x: across(v), y: box.bottom + 14, class: "w-mid" }, tidy(v)));
  svg.append(make("text", { x: (box.left + box.right) / 2, y: height - 4, class: "w-mid" }, x.label));
  for (const s of series) svg.append(s.kind === "bars" ? bars(s, across, up) : path(s, across, up));
  return svg;
}

function path(s, across, up) {
  let d = "";
  s.x.forEach((v, i) => {
    if (Number.isFinite(s.y[i])) d += `${d ? "L" : "M"}${across(v).toFixed(1)} ${up(s.y[i]).toFixed(1)}`;
  });
  return make("path", { d, class: `w-line w-colour-${s.colour} ${s.kind === "dashed" ? "w-dashed" : ""}` });
}

function bars(s, across, up) {
  const half = Math.max(1, 0.4 * (across(1) - across(0)));
  const rect = (v, i) =>
    make("rect", { x: across(v) - half, width: 2 * half, y: up(s.y[i]), height: Math.max(0, up(0) - up(s.y[i])) });
  return make("g", { class: `w-bars w-colour-${s.colour}` }, ...s.x.map(rect));
}

/** Names of the series with their colours, to stand beside a plot. */
export function legend(series) {
  const entry = (s) => make("li", { class: `w-colour-${s.colour} ${s.kind === "dashed" ? "w-dashed" : ""}` }, s.name);
  return make("ul", { class: "w-legend" }, ...series.map(entry));
}

function range(values, limits) {
  if (limits) return limits;
  const low = Math.min(...values);
  const high = Math.max(...values);
  return low === high ? [low - 1, high + 1] : [low, high];
}

function ticks(low, high) {
  const rough = (high - low) / 6;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((m) => m * unit).find((s) => s >= rough);
  const found = [];
  for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k++) found.push(k * step);
  return found;
}

const tidy = (v) => String(Number(v.toFixed(6))).replace("-", "−");
const power = (v) => (Number.isInteger(v) ? `10${raised(v)}` : "");
