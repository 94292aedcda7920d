"""Someone's implementation held against autograd or against a theorem, over shapes, dtypes and extreme values.

check_gradient(f, claimed, inputs)              a gradient written by hand against autograd of f
matches(implementation, "softmax.jacobian")     a function against the closed form of a theorem

Both try points, so the best they say is "consistent". "refuted" comes with the first point that shows it; "untested",
too few points could be compared, is no pass.
"""

from gradproof.implementations.calling import CallError
from gradproof.implementations.gradients import check_gradient
from gradproof.implementations.theorems import matches
from gradproof.implementations.verdicts import Failure, ImplementationRefuted, ImplementationVerdict

__all__ = ["CallError", "Failure", "ImplementationRefuted", "ImplementationVerdict", "check_gradient", "matches"]
