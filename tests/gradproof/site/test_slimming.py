"""A page loses its indentation and nothing else."""

from __future__ import annotations

from gradproof.site.slimming import slim


def test_indentation_goes():
    assert slim("<ul>\n\n    <li>\n      one   two\n    </li>\n</ul>") == "<ul>\n<li>\none   two\n</li>\n</ul>"


def test_what_is_shown_or_run_as_written_stays():
    for kept in (
        "<pre tabindex='0'><code>if x:\n\n    pass\n</code></pre>",
        "<script>// a remark\n  run()\n</script>",
        "<style>\n  p { }\n</style>",
        "<textarea>\n  a</textarea>",
    ):
        assert slim(f"<p>\n  before\n</p>\n  {kept}\n  <p>\n  after") == f"<p>\nbefore\n</p>\n{kept}\n<p>\nafter"


def test_words_stay_apart():
    assert slim("<b>one</b>\n   <i>two</i>").split() == ["<b>one</b>", "<i>two</i>"]
