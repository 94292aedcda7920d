"""The interactive elements in a real browser: their arithmetic is ours, their controls work without a mouse."""

import numpy as np
import pytest
import torch
from mpmath import mp

import gradproof
from derivations import load
from gradproof.site import widgets
from numeric.experiments.moving_averages import ema, sma
from tests.support.built_site import ROOT
from tests.support.widgets import move, said

WIDGETS = ROOT / "docs/assets/js/widgets"
LIMIT = 8 * 1024  # bytes, each file
SPOKEN = 900  # milliseconds until a summary has settled


@pytest.mark.parametrize("z", [(1.2, 0.3, -0.8), (0.0, 0.0, 0.0), (4.0, -4.0, 4.0), (-3.1, 2.7, 0.1)])
def test_the_jacobian_is_that_of_the_theorem(page, z):
    found = move(page, "softmax-jacobian", z1=z[0], z2=z[1], z3=z[2])
    proved = gradproof.function(load("softmax.jacobian"), backend="numpy")
    assert np.allclose(found["p"], torch.softmax(torch.tensor(z, dtype=torch.float64), 0), rtol=1e-14)
    assert np.allclose(found["jacobian"], proved(np.array([z]))[0], rtol=1e-13, atol=1e-16)
    assert np.abs(found["rowSums"]).max() < 1e-15
    assert 0 < found["worstDifference"] < 1e-9


FUNCTIONS = {"sigmoid": lambda z: 1 / (1 + mp.exp(-z)), "tanh": mp.tanh, "ReLU": lambda z: max(z, mp.zero)}


@pytest.mark.parametrize("activation", FUNCTIONS)
@pytest.mark.parametrize(("weight", "depth", "x"), [(1.0, 12, 1.0), (-3.5, 30, 0.7), (6.0, 1, -2.0), (0.0, 5, 1.0)])
def test_the_product_is_the_derivative_of_the_chain(page, activation, weight, depth, x):
    """In 60 digits: autograd's 1 - tanh(z)^2 cancels where tanh is flat, and the element does not."""
    found = move(page, "vanishing-product", activation=activation, weight=weight, depth=depth, input=x)

    def chain(value):
        for _ in range(depth):
            value = FUNCTIONS[activation](mp.mpf(weight) * value)
        return value

    with mp.workdps(60):
        slope = float(mp.diff(chain, mp.mpf(x)))
    assert len(found["factors"]) == depth
    assert found["products"][-1] == pytest.approx(slope, rel=1e-11, abs=1e-300)
    assert abs(found["products"][-1]) <= found["bound"] * (1 + 1e-12)


@pytest.mark.parametrize(("window", "alpha"), [(10, 0.18), (1, 1.0), (40, 0.01), (7, 0.5)])
def test_the_averages_are_those_of_the_experiment(page, window, alpha):
    found = move(page, "ema-sma", window=window, alpha=alpha)
    signal = torch.tensor(found["signal"], dtype=torch.float64)
    assert np.allclose(found["sma"], sma(signal, window), rtol=1e-12, atol=1e-14)
    assert np.allclose(found["ema"], ema(signal, alpha, signal[0]), rtol=1e-12, atol=1e-14)
    weights = alpha * (1 - alpha) ** np.arange(4000)
    assert found["emaAge"] == pytest.approx(weights @ np.arange(4000), abs=1e-9)
    assert found["emaNoise"] == pytest.approx(weights @ weights, abs=1e-12)
    assert found["inWindow"] == pytest.approx(weights[:window].sum(), abs=1e-12)


def test_the_button_matches_the_averages(page):
    move(page, "ema-sma", window=25)
    page.get_by_role("button", name="Set α = 2/(n + 1)").click()
    found = page.evaluate("document.querySelector('ema-sma').values")
    assert found["alpha"] == 2 / 26
    assert found["emaAge"] == pytest.approx(found["smaAge"]) and found["emaNoise"] == pytest.approx(found["smaNoise"])
    assert said(page, "ema-sma") == "n = 25, α = 0.077: both averages have mean age 12.00 and leave 0.040 of the noise."


def test_what_stands_there_without_javascript_is_what_they_show_first(page):
    softmax, product, averages = (
        page.evaluate("(element) => document.querySelector(element).values", element)
        for element in ("softmax-jacobian", "vanishing-product", "ema-sma")
    )
    rows = zip(softmax["p"], softmax["jacobian"], strict=True)
    shown = [[f"p{'₁₂₃'[i]} = {p:.3f}", *map(widgets.number, row), "0"] for i, (p, row) in enumerate(rows)]
    assert [list(row) for row in widgets.softmax_table().rows] == shown
    for name, *cells in widgets.product_table().rows:
        found = move(page, "vanishing-product", activation=name)
        assert cells == [widgets.number(found["products"][-1]), widgets.number(found["bound"])]
    assert product["activation"] == widgets.product_table().rows[0][0]
    numbers = [
        [f"{averages['smaAge']:.2f}", f"{averages['emaAge']:.2f}"],
        [widgets.number(averages["smaNoise"]), widgets.number(averages["emaNoise"])],
        ["1", widgets.number(averages["inWindow"])],
    ]
    assert [list(row[1:]) for row in widgets.averages_table().rows] == numbers


def test_every_control_has_a_label_and_moves_by_keys(page):
    for label in ("z₁", "z₂", "z₃", "weight w", "depth", "input x", "window n", "weight α"):
        slider = page.get_by_role("slider", name=label, exact=True)
        before = float(slider.input_value())
        slider.focus()
        page.keyboard.press("ArrowRight")
        assert float(slider.input_value()) == pytest.approx(before + float(slider.get_attribute("step") or 0)), label
    page.get_by_label("activation").select_option("tanh")
    assert page.evaluate("document.querySelector('vanishing-product').values.activation") == "tanh"


def test_the_summary_speaks_once_after_the_slider_rests(page):
    page.wait_for_timeout(50)  # the first summaries are up
    script = """() => {
        window.spoken = 0;
        const summary = document.querySelector("softmax-jacobian [role=status]");
        new MutationObserver(() => window.spoken++).observe(summary, { childList: true });
    }"""
    page.evaluate(script)
    for value in (1.3, 1.4, 1.5, 1.6):
        move(page, "softmax-jacobian", z1=value)
    assert page.evaluate("window.spoken") == 0
    page.wait_for_timeout(SPOKEN)
    assert page.evaluate("window.spoken") == 1
    assert page.evaluate("document.querySelectorAll('[aria-live], output').length") == 0


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_overflows(page, width):
    page.set_viewport_size({"width": width, "height": 844})
    for activation in FUNCTIONS:
        move(page, "vanishing-product", activation=activation, weight=-6, depth=30)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_without_javascript_it_says_what_is_missing(browser, address):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + "tests/site/widgets/index.html")
    for element in ("softmax-jacobian", "vanishing-product", "ema-sma"):
        assert page.locator(element).inner_text().startswith("With JavaScript")
    context.close()


def test_every_file_is_small_and_asks_nothing_of_the_network():
    for file in sorted(WIDGETS.iterdir()):
        text = file.read_text(encoding="utf-8")
        assert len(text.encode()) < LIMIT, file.name
        assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_the_sentence_is_shown_at_once(page):
    """What stands below a moving slider never contradicts what it moves."""
    move(page, "vanishing-product", depth=30)
    shown = page.evaluate("document.querySelector('vanishing-product .w-summary').textContent")
    assert shown == page.evaluate("document.querySelector('vanishing-product').sentence()")
    assert shown.startswith("30 layers")
