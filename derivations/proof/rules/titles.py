r"""How the rules are called where a proof is read: a title in words, and the identity in LaTeX.

The docstring of a rule states its identity in one line of text, for the terminal; this is its typeset twin.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Title:
    """What a reader sees beside a step: the rule in words, its formulas, and their condition or sense."""

    words: str
    latex: str | tuple[str, ...] = ()
    note: str = ""

    @property
    def formulas(self) -> tuple[str, ...]:
        return (self.latex,) if isinstance(self.latex, str) else self.latex


TITLES: dict[str, Title] = {
    # definitions, hypotheses, theorems
    "unfold": Title("Unfold the definition", note="a name is replaced by what it stands for"),
    "fold": Title("Fold back into the definition", note="what a name stands for is replaced by the name"),
    "step of": Title("Take one step of the recurrence", note="an element is written in terms of the one before"),
    "start of": Title("Use the start of the recurrence", note="its first element is the start value"),
    "use": Title("Use the hypothesis", note="the left side of an assumption is replaced by its right side"),
    "use the induction hypothesis": Title("Use the induction hypothesis", note="the claim, assumed for one t"),
    "by": Title("Use a theorem", note="its left side is replaced by its right side"),
    "backwards by": Title("Use a theorem backwards", note="its right side is replaced by its left side"),
    # calculus
    "differentiate": Title(
        "Differentiate",
        (
            "(f + g)' = f' + g'",
            "(f g)' = f' g + f g'",
            "f(g)' = f'(g)\\, g'",
            r"\frac{\partial z_k}{\partial z_j} = \delta_{kj}",
        ),
    ),
    "take the limit": Title(
        "Take the limit",
        (r"t^a r^t \to 0 \text{ for } 0 < r < 1", r"b_t^{\,t} \to e^{c} \text{ when } t\,(b_t - 1) \to c"),
        "quotients of polynomials by their degrees",
    ),
    # sums and expectations
    "collapse": Title("Collapse the delta", r"\sum_k \delta_{kj}\, f(k) = f(j)", "for j in the range of k"),
    "split": Title("Split the sum", r"\sum_k (f + g) = \sum_k f + \sum_k g"),
    "combine": Title("Combine the sums", r"\sum_k f + \sum_k g = \sum_k (f + g)"),
    "pull out": Title(
        "Pull constants out of the sum", (r"\sum_k c\, f(k) = c \sum_k f(k)", r"\sum_{k=1}^{n} c = n\, c")
    ),
    "pull in": Title("Pull a factor into the sum", r"c \sum_k f(k) = \sum_k c\, f(k)"),
    "peel": Title("Peel off the last term", r"\sum_{k=a}^{t+1} f(k) = \sum_{k=a}^{t} f(k) + f(t+1)"),
    "count back": Title("Count backwards", r"\sum_{k=a}^{b} f(k) = \sum_{j=0}^{b-a} f(b - j)"),
    "distribute expectation": Title(
        "Move the expectation inside",
        r"\mathbb{E}\Big[\sum_k c\, f(k)\Big] = \sum_k c\, \mathbb{E}[f(k)]",
        "for c that is not random",
    ),
    # algebra
    "factor": Title("Factor", "a b + a c = a\\,(b + c)"),
    "common factor": Title("Take out the common factor", "a b + a c = a\\,(b + c)"),
    "expand": Title("Multiply out", "a\\,(b + c) = a b + a c"),
    "cancel": Title("Cancel", r"\frac{a b}{a c} = \frac{b}{c}", "for a not 0"),
    "common denominator": Title("Put over a common denominator", r"\frac{a}{b} + \frac{c}{d} = \frac{a d + c b}{b d}"),
    "split powers": Title("Split the power", "a^{t+1} = a\\, a^{t}"),
    "join powers": Title("Join the powers", "a\\, a^{t} = a^{t+1}"),
    "expand logs": Title(
        "Expand the logarithm", (r"\log (a b) = \log a + \log b", r"\log a^{c} = c \log a"), "for a and b positive"
    ),
    "as exponentials": Title(
        "Write with exponentials",
        (
            r"\sigma(x) = \frac{1}{1 + e^{-x}}",
            r"\tanh x = \frac{e^{x} - e^{-x}}{e^{x} + e^{-x}}",
            r"\operatorname{softplus} x = \log (1 + e^{x})",
        ),
    ),
    "complete the square": Title(
        "Complete the square",
        r"a u^2 + b u + c = a \left(u + \frac{b}{2a}\right)^{2} + c - \frac{b^2}{4a}",
    ),
    "rearrange": Title("Rearrange", note="both lines have one normal form"),
    "rename": Title("Rename a bound index", note="its name does not matter"),
    # the ends of proofs by judges
    "bound": Title("Decide the inequality", note="between real numbers, decided exactly"),
    "decide": Title("Decide", note="a statement of real arithmetic, decided exactly"),
}


def rule_of(reason: str) -> str:
    """The rule that a reason names: "by jacobian" is "by". Raises KeyError for a rule without a title."""
    fitting = [name for name in TITLES if reason == name or reason.startswith(f"{name} ")]
    if not fitting:
        raise KeyError(f"no rule begins the reason {reason!r}")
    return max(fitting, key=len)
