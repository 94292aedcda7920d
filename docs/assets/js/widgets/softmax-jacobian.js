/* <softmax-jacobian>: three logits, the softmax, and its Jacobian dp_i/dz_j = p_i (δ_ij − p_j), which is compared with
   central differences computed in the browser. */

import { Widget, make, show } from "./widget.js";

const STEP = 1e-5; // of the central differences
const NAMES = ["₁", "₂", "₃"];

export function softmax(z) {
  const greatest = Math.max(...z);
  const powers = z.map((v) => Math.exp(v - greatest));
  const total = powers.reduce((a, b) => a + b);
  return powers.map((v) => v / total);
}

export function jacobian(p) {
  return p.map((pi, i) => p.map((pj, j) => pi * ((i === j) - pj)));
}

function differences(z) {
  const shifted = (j, h) => softmax(z.map((v, k) => (k === j ? v + h : v)));
  const columns = z.map((_, j) => {
    const [above, below] = [shifted(j, STEP), shifted(j, -STEP)];
    return above.map((v, i) => (v - below[i]) / (2 * STEP));
  });
  return z.map((_, i) => columns.map((column) => column[i]));
}

class SoftmaxJacobian extends Widget {
  controls = [1.2, 0.3, -0.8].map((value, i) => ({
    name: `z${i + 1}`, label: `z${NAMES[i]}`, min: -4, max: 4, step: 0.1, value,
  }));

  build(form) {
    this.bars = NAMES.map((name) => {
      const fill = make("i");
      const text = make("span");
      return { fill, text, row: make("div", { class: "w-bar" }, fill, text), name };
    });
    this.cells = NAMES.map(() => [...NAMES, "sum"].map(() => make("td")));
    const heads = NAMES.map((name) => make("th", { scope: "col" }, `∂/∂z${name}`));
    const rows = this.cells.map((cells, i) => make("tr", {}, make("th", { scope: "row" }, `p${NAMES[i]}`), ...cells));
    const table = make("table", { class: "w-table" },
      make("caption", {}, "J = diag(p) − p pᵀ"),
      make("thead", {}, make("tr", {}, make("td"), ...heads, make("th", { scope: "col" }, "row sum"))),
      make("tbody", {}, ...rows));
    this.check = make("p", { class: "w-note" });
    // the numbers are in the table and in the summary; the bars are for the eye
    const bars = make("div", { "aria-hidden": "true" }, ...this.bars.map((b) => b.row));
    return [make("div", { class: "w-pair" }, make("div", {}, form, bars), make("div", {}, table, this.check))];
  }

  draw() {
    const z = NAMES.map((_, i) => this.get(`z${i + 1}`));
    const p = softmax(z);
    const J = jacobian(p);
    const rows = J.map((row) => row.reduce((a, b) => a + b));
    const worst = Math.max(...differences(z).flatMap((row, i) => row.map((v, j) => Math.abs(v - J[i][j]))));
    this.values = { z, p, jacobian: J, rowSums: rows, worstDifference: worst };
    this.printValues();
    this.bars.forEach(({ fill, text, name }, i) => {
      fill.style.width = `${100 * p[i]}%`;
      text.textContent = `p${name} = ${p[i].toFixed(3)}`;
    });
    this.cells.forEach((cells, i) => {
      cells.slice(0, 3).forEach((cell, j) => heat(cell, J[i][j]));
      cells[3].textContent = Math.abs(rows[i]) < 1e-12 ? "0" : show(rows[i]);
    });
    this.check.textContent = `Central differences, computed here: at most ${show(worst)} apart.`;
  }

  sentence() {
    const { p, jacobian: J, rowSums, worstDifference } = this.values;
    const sums = Math.max(...rowSums.map(Math.abs)) < 1e-12 ? "every row sums to 0" : "a row does not sum to 0";
    const list = p.map((v, i) => `p${NAMES[i]} = ${v.toFixed(3)}`).join(", ");
    const agrees = worstDifference < 1e-8 ? "agree" : "do not agree";
    return `${list}. ∂p₁/∂z₁ = ${show(J[0][0])}; ${sums}; central differences ${agrees}.`;
  }
}

/** A cell with its sign printed; the colour only repeats it. */
function heat(cell, value) {
  cell.textContent = `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
  cell.className = value < 0 ? "w-negative" : "w-positive";
  cell.style.setProperty("--amount", `${Math.round(Math.min(1, 4 * Math.abs(value)) * 45)}%`);
}

customElements.define("softmax-jacobian", SoftmaxJacobian);
