"""A text that is no claim, with the place of what is wrong in it."""

import pytest

from derivations.language import claims
from derivations.language.errors import InvalidClaim


@pytest.fixture
def refused():
    """``refused(states, where, let)``: the complaint, as the command line prints it, and the token it points at."""

    def refuse(states: str, where: str = "", let: tuple[str, ...] = ()) -> str:
        with pytest.raises(InvalidClaim) as caught:
            claims.read(states, where, let)
        return str(caught.value)

    return refuse
