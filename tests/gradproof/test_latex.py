"""Proofs and errata as LaTeX: every line there, every brace closed, words in text mode."""

import re

import pytest

from derivations import catalogue, load
from gradproof import latex


@pytest.mark.parametrize("name", ["softmax.jacobian", "averages.ema_closed_form", "adaptive.adam_first_step"])
def test_show_latex_is_an_align_with_one_line_a_step(gradproof, in_process, name):
    lines = gradproof("show", name, "--latex").stdout.strip().splitlines()
    begin = lines.index(r"\begin{align*}")
    assert lines[-1] == r"\end{align*}"
    assert all(line.startswith("% ") for line in lines[:begin])
    assert load(name).title in lines[0]
    assert f"% statement: {load(name).latex()}" in lines
    body = lines[begin + 1 : -1]
    assert sum(" && " in line for line in body) == len(load(name).steps)
    assert all(line.endswith(r"\\") for line in body[:-1])
    assert_balanced("\n".join(lines))


def test_latex_of_an_erratum_has_the_point_and_the_correction(gradproof, in_process):
    out = gradproof("show", "softmax.single_term_chain", "--latex").stdout
    assert r"\text{printed (false):}" in out
    assert r"\text{fails at } n = 2" in out
    assert r"1/2 \neq 0" in out
    assert load("softmax.cross_entropy_gradient").latex() in out
    assert "% if the targets sum to one" in out


@pytest.mark.parametrize("name", catalogue())
def test_the_latex_of_every_proof_is_balanced_and_needs_no_unicode(name):
    document = latex.latex_of(load(name))
    body = document[document.index(r"\begin{align*}") :]
    assert_balanced(body)
    assert body.isascii(), re.findall(r"[^\x00-\x7f]", body)


def test_words_are_escaped_for_text_mode():
    assert latex.escaped("α_n → 5%, n ≥ 2") == r"$\alpha$\_n $\to$ 5\%, n $\geq$ 2"
    assert latex.escaped("λ & {x}") == r"$\lambda$ \& \{x\}"
    assert latex.escaped("α = αₙ") == r"$\alpha$ = $\alpha_{n}$"


def test_parts_have_their_mathematics_in_math_mode():
    assert latex.label("base t = 0") == "base $t = 0$"
    assert latex.label("step t → t + 1") == r"step $t \to t + 1$"
    assert latex.label("g < 0, written −g") == "$g < 0,$ written $-g$"
    assert latex.label("beta > 0") == r"$\beta > 0$"


def assert_balanced(latex: str) -> None:
    depth = 0
    for brace in re.findall(r"(?<!\\)[{}]", latex):
        depth += 1 if brace == "{" else -1
        assert depth >= 0, latex
    assert depth == 0, latex
    assert latex.count(r"\left") == latex.count(r"\right")
    for text in re.findall(r"\\text(?:bf)?\{([^{}]*)\}", latex):
        assert not re.search(r"(?<!\\)[_&%#]", text), f"unescaped in text mode: {text}"
