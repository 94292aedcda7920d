"""The data of the lectures: complete, each row once, and every row that a result names is printed where it says."""

from __future__ import annotations

import pytest

from derivations import catalogue, lectures, load
from derivations.lectures import Lecture, LectureError, Row, Slide
from derivations.proof.source import CIS680, SUPPORTING

PRINTED = {"Romanov": 54, "CIS 680": 90, "Dripta": 15, "Mucha": 50, "Piastra": 73}
EVERYTHING = 256  # different formulas and claims
NOT_PRINTED = {"act.tanh-sigmoid-relation", "bp.pool-commutes", "bn.scale-invariance"}


@pytest.fixture(scope="module")
def five():
    return {lecture.source.key: lecture for lecture in lectures.lectures()}


def test_all_rows_are_there(five):
    assert {key: len(lecture.rows) for key, lecture in five.items()} == PRINTED
    printed = {i for lecture in five.values() for i in lecture.rows}
    assert {row.id for row in lectures.supporting()} == NOT_PRINTED
    assert not printed & NOT_PRINTED
    assert len(printed | NOT_PRINTED) == EVERYTHING


def test_what_results_name_is_there_and_first_in_their_lecture(five):
    for name in catalogue():
        result = load(name)
        for row in result.catalogue:
            assert row in NOT_PRINTED or any(row in lecture.rows for lecture in five.values()), f"{name}: {row}"
        if result.source.key != SUPPORTING.key:
            assert result.catalogue[0] in five[result.source.key].rows, name


def test_lines_are_short_and_have_whole_formulas(five):
    for lecture in five.values():
        for row in lecture.rows.values():
            assert row.about.count("$") % 2 == 0, row
            assert len(row.about) < 170, row
            assert row.about.endswith("."), row


def test_a_row_stands_in_full_once():
    row = Row("a.b", "A formula.", ("x = 1",))
    with pytest.raises(LectureError, match=r"CIS 680, slide 'Second': a\.b is there twice"):
        Lecture(CIS680, (Slide("First", (row,)), Slide("Second", (row,))))
    with pytest.raises(LectureError, match="twice"):
        Lecture(CIS680, (Slide("First", (row, row)),))


def test_again_means_before():
    row = Row("a.b", "A formula.")
    assert Lecture(CIS680, (Slide("First", (row,)), Slide("Second", (), again=("a.b",)))).rows == {"a.b": row}
    with pytest.raises(LectureError, match="not printed before"):
        Lecture(CIS680, (Slide("First", (), again=("a.b",)), Slide("Second", (row,))))


@pytest.mark.parametrize("row", [("", "A formula."), ("a.b", "")])
def test_a_row_says_what_it_is(row):
    with pytest.raises(LectureError, match="needs an id and a line"):
        Row(*row)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "'rows'"),
        ("[[rows]", "cannot be read"),
        ('[[rows]]\nid = "a.b"\n', "about"),
        ('[[rows]]\nid = "a.b"\nabout = "x"\nprinted_as = ["y"]\n', "printed_as"),
    ],
)
def test_a_slip_in_a_file_is_told(tmp_path, monkeypatch, text, says):
    (tmp_path / "supporting.toml").write_text(text)
    monkeypatch.setattr(lectures, "FOLDER", tmp_path)
    with pytest.raises(LectureError, match=says):
        lectures.supporting()
