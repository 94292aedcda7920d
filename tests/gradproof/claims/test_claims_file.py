"""Files of claims: a bad table spoils only itself, a bad file is one message."""

import io
import sys
from pathlib import Path

import pytest

from gradproof.claims import claims_file
from gradproof.claims.claims_file import UnusableFile
from gradproof.claims.verdicts import ClaimVerdict, Source


@pytest.fixture
def written(tmp_path):
    def write(content: str | bytes) -> Path:
        path = tmp_path / "claims.toml"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def test_tables_in_file_order(written):
    path = written("""
        title = "a paper"
        [[claim]]
        name = "first"
        states = "grad(s, x) == x"
        where = '''
        x: real[n];
        a > 0
        '''
        let = ["s = sum(x**2)/2", "t = 1"]

        [[claim]]
        states = "x == x"
        let = "u = 1"
    """)
    first, second = claims_file.read(path)
    assert isinstance(first, Source)
    assert (first.name, first.states, first.let) == ("first", "grad(s, x) == x", ("s = sum(x**2)/2", "t = 1"))
    assert first.where.split() == ["x:", "real[n];", "a", ">", "0"]
    assert second == Source("x == x", "", ("u = 1",), "claim 2")


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ("name = 'a'", "the field 'states' is missing"),
        ("states = 3", "the field 'states' must be a text"),
        ("states = 'x == x'\nname = 1", "the field 'name' must be a text"),
        ("states = 'x == x'\nwhere = ['x: real']", "the field 'where' must be a text"),
        ("states = 'x == x'\nlet = 1", "the field 'let' must be a list of texts"),
        ("states = 'x == x'\nlet = ['s = 1', 2]", "the field 'let' must be a list of texts"),
        ("state = 'x == x'", "a claim has no field 'state'; its fields are name, states, where, let"),
        ("states = 'x == x'\nseconds = 3", "a claim has no field 'seconds'; its fields are name, states, where, let"),
    ],
)
def test_a_bad_table_is_invalid_at_its_line_and_the_others_are_read(table, complaint, written):
    path = written(f"[[claim]]\nstates = 'x == 1'\n\n[[claim]]\n{table}\n[[claim]]\nstates = 'x == 2'\n")
    before, bad, after = claims_file.read(path)
    assert isinstance(before, Source)
    assert isinstance(after, Source)
    assert isinstance(bad, ClaimVerdict)
    assert bad.status == "invalid"
    assert bad.error is not None
    assert (bad.error.message, bad.error.origin, bad.error.line) == (complaint, "file", 4)
    assert bad.name in ("a", "claim 2")


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("", "no claims; write each as a table"),
        ("claim = 3", "no claims"),
        ("claim = []", "no claims"),
        ("[claim]\nstates = 'x == 1'", "no claims"),
        ("[[claims]]\nstates = 'x == 1'", "no claims"),
        ("[[claim]]\nstates = 'x == 1'\n[[cliam]]\nstates = 'x == 2'", "what is 'cliam'? A claim is a table [[claim]]"),
        ("[[claim]\n", "not TOML: "),
        ("[[claim]]\nstates = 'x'\nstates = 'y'", "not TOML: "),
        ('[[claim]]\nstates = "\\ud800 == 1"', "not TOML: "),
        ("x = " + "[" * 10_000, "not TOML: "),
        (b"\xff\xfe[[claim]]", "not a text in UTF-8 (byte 0)"),
        (b"x" * 10_000_001, "more than 10 MB; split it"),
    ],
    ids=lambda value: None if isinstance(value, str) and len(value) < 100 else "long",
)
def test_a_bad_file_is_one_message(content, complaint, written):
    path = written(content)
    with pytest.raises(UnusableFile) as caught:
        claims_file.read(path)
    assert str(caught.value).startswith(f"{path}: {complaint}")


def test_files_that_cannot_be_read(tmp_path):
    with pytest.raises(UnusableFile, match="there is no such file"):
        claims_file.read(tmp_path / "nothing.toml")
    with pytest.raises(UnusableFile, match="is a folder; name a TOML file"):
        claims_file.read(tmp_path)


def test_tables_that_are_none(written):
    (verdict,) = claims_file.read(written("claim = [3]"))
    assert isinstance(verdict, ClaimVerdict)
    assert verdict.reason == "line 1 of the file: a claim is a table: [[claim]]"


def test_a_byte_order_mark_and_line_ends_of_windows(written):
    (found,) = claims_file.read(written(b"\xef\xbb\xbf[[claim]]\r\nstates = 'x == x'\r\n"))
    assert found == Source("x == x", name="claim 1")


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"[[claim]]\nstates = 'x == x'")))
    assert claims_file.read(Path("-")) == [Source("x == x", name="claim 1")]
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"\xff")))
    with pytest.raises(UnusableFile, match="standard input: not a text in UTF-8"):
        claims_file.read(Path("-"))
