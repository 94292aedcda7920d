/* <vanishing-product>: a chain of units a ← f(w a). The chain rule multiplies one factor w f′(z) a layer; the bound
   takes the largest |f′|: 1/4 for the sigmoid, 1 for tanh and ReLU. */

import { Widget, legend, make, plot, raised, show } from "./widget.js";

const sigmoid = (z) => 1 / (1 + Math.exp(-z));
const ACTIVATIONS = {
  sigmoid: { f: sigmoid, slope: (z) => sigmoid(z) * sigmoid(-z), bound: 0.25 },
  tanh: { f: Math.tanh, slope: (z) => 1 / Math.cosh(z) ** 2, bound: 1 },
  ReLU: { f: (z) => Math.max(0, z), slope: (z) => (z > 0 ? 1 : 0), bound: 1 },
};

/** The factors w f′(z_l) of every layer, from the input on. */
export function factors(activation, weight, depth, input) {
  const { f, slope } = ACTIVATIONS[activation];
  const found = [];
  for (let a = input, l = 0; l < depth; l++) {
    const z = weight * a;
    found.push(weight * slope(z));
    a = f(z);
  }
  return found;
}

const products = (list) => list.reduce((done, v) => [...done, done.at(-1) * v], [1]);

class VanishingProduct extends Widget {
  controls = [
    { name: "activation", label: "activation", choices: Object.keys(ACTIVATIONS), value: "sigmoid" },
    { name: "weight", label: "weight w", min: -6, max: 6, step: 0.1, value: 1 },
    { name: "depth", label: "depth", min: 1, max: 30, step: 1, value: 12 },
    { name: "input", label: "input x", min: -2, max: 2, step: 0.1, value: 1 },
  ];

  build(form) {
    this.picture = make("div", { class: "w-picture" });
    this.numbers = make("dl", { class: "w-numbers" });
    return [make("div", { class: "w-pair" }, make("div", {}, form, this.numbers), this.picture)];
  }

  draw() {
    const activation = this.get("activation");
    const [weight, depth, input] = ["weight", "depth", "input"].map((name) => this.get(name));
    const list = factors(activation, weight, depth, input);
    const product = products(list);
    const most = ACTIVATIONS[activation].bound * Math.abs(weight);
    const bound = product.map((_, l) => most ** l);
    this.values = { activation, weight, depth, input, factors: list, products: product, bound: bound.at(-1) };
    this.printValues();
    const layers = product.map((_, l) => l);
    const logs = (values) => values.map((v) => Math.log10(Math.abs(v)));
    const series = [
      { name: "product of the factors", x: layers, y: logs(product), kind: "line", colour: 1 },
      { name: "bound", x: layers, y: logs(bound), kind: "dashed", colour: 2 },
    ];
    const title = "Size of the derivative of the last layer by the input, against depth, on a logarithmic scale";
    const picture = plot(series, { x: { label: "layers", limits: [0, Math.max(depth, 2)] }, y: limits(series), log: true, title });
    this.picture.replaceChildren(legend(series), picture);
    this.numbers.replaceChildren(
      ...pair("factor of the first layer", show(list[0])),
      ...pair("factor of the last layer", show(list.at(-1))),
      ...pair("product", show(product.at(-1))),
      ...pair(`bound ${activation === "sigmoid" ? "(¼ |w|)" : "|w|"}${raised(depth)}`, show(this.values.bound)),
    );
  }

  sentence() {
    const { activation, depth, products: all, bound } = this.values;
    const product = all.at(-1);
    const word = product === 0 ? "nothing passes" : Math.abs(product) < 1e-3 ? "the gradient vanishes"
      : Math.abs(product) > 1e3 ? "the gradient explodes" : "the gradient keeps its order of size";
    return `${depth} layers of ${activation}: ∂y/∂x = ${show(product)}, bound ${show(bound)}; ${word}.`;
  }
}

/** Whole powers of ten around what is finite: a product of exactly 0 has no place on this scale. */
function limits(series) {
  const finite = series.flatMap((s) => s.y).filter(Number.isFinite);
  return { limits: [Math.min(-1, Math.floor(Math.min(...finite))), Math.max(1, Math.ceil(Math.max(...finite)))] };
}

const pair = (term, value) => [make("dt", {}, term), make("dd", {}, value)];

customElements.define("vanishing-product", VanishingProduct);
