"""What the glossary's rows of code are written with: the calculus, and a few quantities."""

from sympy import Rational

from derivations.calculus import functions, operators, symbols
from derivations.calculus.domains import POSITIVE
from derivations.calculus.symbols import indices, matrix, scalar, sequence, sizes, vector
from derivations.proof import statement
from derivations.proof.derivation import Derivation
from derivations.proof.source import SUPPORTING

m, n, t = sizes("m n t")
i, j, k = indices("i j k", n)
x = vector("x", n)

QUANTITIES = {
    **{"m": m, "n": n, "t": t, "i": i, "j": j, "k": k, "x": x},
    **{name: vector(name, n) for name in ("g", "xhat")},
    **{name: sequence(name) for name in ("v", "vbar")},
    **{name: scalar(name) for name in ("a", "var")},
    "eps": scalar("eps", POSITIVE),
    "u": vector("u", n, random=True),
    "W": matrix("W", n, n),
    "p": Derivation("notation", SUPPORTING).define("p", functions.exp(x[i]), at=i),
}
MODULES = (symbols, operators, functions, statement)
SCOPE = {name: thing for module in MODULES for name, thing in vars(module).items() if not name.startswith("_")}
SCOPE |= {"Rational": Rational, **QUANTITIES}
