"""What a refuted claim may have meant."""

from __future__ import annotations

from gradproof.claims.verdicts import ClaimVerdict


def taught(verdict: ClaimVerdict) -> ClaimVerdict:
    """The verdict with advice."""
    return verdict
