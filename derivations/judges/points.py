"""Points at which a statement can be tried: the door to the ball refuter's own.

point({n: 2, i: 1, z: [1, "1/3"]})       a point written by hand
points(expressions, hypotheses)          points drawn from the declared domains, hypotheses satisfied exactly
"""

from derivations.judges.ball.drawing import Style
from derivations.judges.ball.points import points
from derivations.judges.ball.values import Point, Values, point

__all__ = ["Point", "Style", "Values", "point", "points"]
