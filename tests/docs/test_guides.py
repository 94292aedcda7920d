"""The guides: all their code runs, and what it prints is what stands there."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path
from unittest.mock import patch

import pytest

import gradproof
from derivations.calculus.symbols import scalar
from derivations.judges.trial import LIES
from derivations.proof.derivation import Derivation
from derivations.proof.source import Source
from derivations.proof.statement import Eq
from gradproof.records import numeric_status
from numeric import oracles
from tests.support.documents import blocks, dialogues, examples, run_command, run_python, same

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs" / "guides").glob("*.md"))
TEXTS = {path.stem: path.read_text(encoding="utf-8") for path in PAGES}
TALKS = [(page, *talk) for page, text in TEXTS.items() for talk in dialogues(text)]
SPOKEN = [talk for talk in TALKS if "gradproof" in talk[1].split()[0]]
ENVIRONMENT = {"make", ".ci/run"}  # what is not run here: it installs


@pytest.fixture
def own_oracles():
    """An oracle that a guide registers goes when the guide is read."""
    with patch.dict(oracles.oracles()):
        yield


@pytest.mark.timeout(300)
@pytest.mark.usefixtures("own_oracles")
@pytest.mark.parametrize("page", [page for page, text in TEXTS.items() if "```python" in text])
def test_python_prints_what_is_said(page):
    scope: dict = {"__name__": "guide"}
    for block, said in examples(TEXTS[page]):
        printed = run_python(block.text, scope, f"{page}.md", block.line)
        assert same(printed, said), f"{page}.md, line {block.line} prints\n{printed}"


@pytest.mark.parametrize(("page", "command", "said"), SPOKEN, ids=[talk[1] for talk in SPOKEN])
def test_a_command_prints_what_is_said(page, command, said):
    printed, code = run_command(command)
    assert code in (0, 1, 3), f"{page}: {printed}"
    assert said.strip(), f"{page}: what does {command} print?"
    assert same(printed, said), printed


@pytest.mark.parametrize("command", sorted({command for _, command, _ in TALKS} - {talk[1] for talk in SPOKEN}))
def test_what_is_not_run_exists(command):
    program, *words = command.split()
    assert program in ENVIRONMENT
    assert (
        (ROOT / program).is_file()
        if program != "make"
        else re.search(rf"^{words[-1]}:", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    )


def test_the_pages_are_the_guides():
    assert set(TEXTS) == {"getting-started", "import-a-result", "write-a-derivation", "trust", "contributing"}
    assert len(SPOKEN) >= 7
    assert sum(bool(said) for text in TEXTS.values() for _, said in examples(text)) >= 25


@pytest.mark.parametrize("page", TEXTS)
def test_files_that_are_named_exist(page):
    """``derivations/softmax.py`` in running text; those of the example and with ``<topic>`` are yet to be made."""
    named = re.findall(r"`((?:derivations|numeric|gradproof|tests|docs)/[\w./]*)`", TEXTS[page])
    assert [name for name in named if "rms_norm" not in name and not (ROOT / name).exists()] == []


def test_the_fields_of_a_record_have_their_rows():
    theorem, erratum = gradproof.verify(["softmax.normalised", "softmax.single_term_chain"], points=10)
    rows = " ".join(re.findall(r"^\| (`.*?) \|", TEXTS["import-a-result"], flags=re.MULTILINE))
    fields = set(theorem.data()) | set(erratum.data())
    assert fields - {"name", "kind", "title"} == set(re.findall(r"`(\w+)`", rows))


def test_the_versions_of_python_are_those_of_the_project():
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["requires-python"]
    assert wanted == ">=3.11,<3.14"
    assert "Python 3.11, 3.12 or 3.13" in TEXTS["getting-started"]


NUMBERS = {8: "eight"}


def test_the_gate_is_described_as_it_is():
    """What ``.ci/run`` makes stands beside it."""
    made = re.findall(r"^ *make ([\w-]+) ", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), flags=re.MULTILINE)
    (said,) = re.findall(r"^\$ \.ci/run +# (.*)", TEXTS["contributing"], flags=re.MULTILINE)
    assert set(made) == set(re.findall(r"test-site|test|lint|sweep|site", said))


def test_lies_are_as_many_as_is_said():
    """A theorem of few parts has fewer near misses."""
    assert f"falsely in up to {NUMBERS[LIES]} ways" in " ".join(TEXTS["write-a-derivation"].split())
    told = [
        len(gradproof.verify(name, numeric=False)[0].fields["lies"])
        for name in ("softmax.jacobian", "softmax.jacobian_rows_sum_to_zero")
    ]
    assert max(told) == LIES and min(told) < LIES


@pytest.mark.parametrize(
    ("statuses", "numeric"),
    [(["pass", "not run"], "pass"), (["pass", "fail", "not run"], "fail"), (["not run"], "not run"), ([], "not run")],
)
def test_the_numbers_come_out_as_is_said(statuses, numeric):
    assert "`pass` if some ran and all of these pass, else `not run`" in TEXTS["import-a-result"]
    assert numeric_status([{"status": status} for status in statuses]) == numeric


def test_an_erratum_that_names_no_correction_is_as_claimed():
    assert "the corrections that it names are proved" in " ".join(TEXTS["write-a-derivation"].split())
    z = scalar("z")
    topic = Derivation("guide", source=Source("guide", "the guide"))
    (record,) = gradproof.verify(topic.refute("doubled", printed=Eq(z, 2 * z)), points=10)
    assert record.as_claimed and not record.fields["corrections"]


# ---- the machinery can fail


def test_another_text_is_another_text():
    assert same("a  b\n", "a  b")
    assert same("6.7 ulp  0.30000000000000004\nin 1.8 s", "10.1 ulp  0.3000000000000001\nin 2.1 s")
    assert same("one\ntwo\nthree", "one\n...three")
    assert not same("a c", "a b")
    assert not same("0.3000000000", "0.3100000000")
    assert not same("2 lies", "3 lies")
    assert not same("", "something")


def test_errors_end_a_block_with_their_message_and_a_failed_assertion_is_none():
    assert run_python("1 / 0", {}) == "ZeroDivisionError: division by zero\n"
    with pytest.raises(AssertionError):
        run_python("assert False", {})


def test_blocks_inside_of_lists_are_found():
    text = "1. a\n\n    ```python\n    x = 1\n    print(x)\n    ```\n\n    ```text\n    1\n    ```\n"
    (found,) = examples(text)
    assert (found[0].text, found[0].line, found[1]) == ("x = 1\nprint(x)\n", 4, "1\n")
    assert [block.language for block in blocks(text)] == ["python", "text"]


@pytest.mark.parametrize("page", TEXTS)
def test_python_is_formatted_so_that_it_can_be_copied(page):
    for block, _ in examples(TEXTS[page]):
        ast.parse(block.text)
        assert max(map(len, block.text.splitlines())) <= 120
