"""The page on checking a formula of one's own says what the README says, whose dialogues are run."""

import pytest

from gradproof.site import check


def test_the_page_holds_both_sections(book):
    page = check.pages(book)["check.md"]
    assert page.count("\n# Check your own formula\n") == 1
    assert "\n## Check your own implementation\n" in page
    assert '$ gradproof check "diff(tanh(x), x) == 1 - tanh(x)**2"' in page
    assert "## Read a proof" not in page


def test_a_section_that_is_gone_is_an_error():
    with pytest.raises(ValueError, match="no section 'Check'"):
        check.section("# A\n\n## B\n", "Check")
