"""How many bits the balls carry: the door to the arithmetic of the ball refuter."""

from derivations.judges.ball.arithmetic import PRECISION, precision

__all__ = ["PRECISION", "precision"]
