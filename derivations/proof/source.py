"""Where a statement comes from: the lecture, the slide and what is printed there."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Source:
    """A place in a lecture. ``printed`` keeps the slide's own notation, in LaTeX, apart from ours."""

    key: str  # "CIS 680", as it is cited in the terminal
    lecture: str
    slide: str = ""
    printed: str = ""

    def at(self, slide: str, printed: str = "") -> Source:
        """The same lecture at a slide, with what is printed there in LaTeX."""
        return replace(self, slide=slide, printed=printed)

    def record(self) -> dict[str, str]:
        return {"key": self.key, "lecture": self.lecture, "slide": self.slide, "printed": self.printed}


@dataclass(frozen=True)
class Convention:
    """A quantity that a lecture and PyTorch mean differently, and how one becomes the other."""

    quantity: str
    lecture: str
    pytorch: str
    conversion: str

    def record(self) -> dict[str, str]:
        return {
            "quantity": self.quantity,
            "lecture": self.lecture,
            "pytorch": self.pytorch,
            "conversion": self.conversion,
        }

    def __str__(self) -> str:
        return f"{self.quantity}: {self.lecture}; in PyTorch {self.pytorch}; {self.conversion}"


ROMANOV = Source("Romanov", "Mikhail Romanov, Part 4: Deep Neural Networks")
CIS680 = Source("CIS 680", "CIS 680, Improving Learning in Neural Networks")
DRIPTA = Source("Dripta", "Dripta MJ, Training Deep Neural Networks: Exploding/vanishing gradients")
MUCHA = Source("Mucha", "Marcin Mucha, Deep Neural Networks, Lecture 3")
PIASTRA = Source("Piastra", "Marco Piastra, Deep Learning: Learning as Optimization")
SUPPORTING = Source("supporting", "not printed in a lecture; needed by one")
