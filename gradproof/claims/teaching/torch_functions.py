"""The functions of the claim language in PyTorch. A function that is not in a table here has no form of its own.

ELEMENTWISE   u, v stand for the arguments, tensors of any shape
"""

from __future__ import annotations

ELEMENTWISE: dict[str, str] = {
    **{
        name: f"torch.{name}(u)"
        for name in (
            "exp log sqrt abs sign exp2 log2 log10 log1p expm1 square sin cos tan asin acos atan sinh cosh tanh asinh"
            " acosh atanh erf erfc erfinv digamma lgamma sigmoid relu logit"
        ).split()
    },
    "ln": "torch.log(u)",
    "cbrt": "torch.sign(u)*torch.abs(u)**(1/3)",
    "cot": "1/torch.tan(u)",
    "sec": "1/torch.cos(u)",
    "csc": "1/torch.sin(u)",
    "acot": "torch.atan(1/u)",
    "asec": "torch.acos(1/u)",
    "acsc": "torch.asin(1/u)",
    "coth": "1/torch.tanh(u)",
    "sech": "1/torch.cosh(u)",
    "csch": "1/torch.sinh(u)",
    "acoth": "torch.atanh(1/u)",
    "asech": "torch.acosh(1/u)",
    "acsch": "torch.asinh(1/u)",
    "gamma": "torch.exp(torch.lgamma(u))",
    "loggamma": "torch.lgamma(u)",
    "trigamma": "torch.polygamma(1, u)",
    "beta": "torch.exp(torch.lgamma(u) + torch.lgamma(v) - torch.lgamma(u + v))",
    "logistic": "torch.sigmoid(u)",
    "softplus": "torch.nn.functional.softplus(u)",
    "leaky_relu": "torch.relu(u) - v*torch.relu(-u)",
    "silu": "torch.nn.functional.silu(u)",
    "swish": "torch.nn.functional.silu(u)",
    "gelu": "torch.nn.functional.gelu(u)",
    "mish": "torch.nn.functional.mish(u)",
    "softsign": "torch.nn.functional.softsign(u)",
    "logsigmoid": "torch.nn.functional.logsigmoid(u)",
    "step": "(1 + torch.sign(u))/2",
    "heaviside": "(1 + torch.sign(u))/2",
    "logaddexp": "torch.logaddexp(u, v)",
    "xlogy": "torch.xlogy(u, v)",
}
OPTIONAL: dict[str, tuple[str, str]] = {  # with one argument, with two
    "elu": ("torch.nn.functional.elu(u)", "torch.relu(u) + v*(torch.exp(-torch.relu(-u)) - 1)"),
}
FOLDED: dict[str, str] = {name: f"torch.{name}(u, v)" for name in ("maximum", "minimum")}
PAIRWISE = {"max": "maximum", "min": "minimum"}

REDUCTIONS: dict[str, tuple[str, str]] = {  # of all entries, along the axes d
    "sum": ("torch.sum(u)", "torch.sum(u, dim=d)"),
    "mean": ("torch.mean(u)", "torch.mean(u, dim=d)"),
    "max": ("torch.amax(u)", "torch.amax(u, dim=d)"),
    "min": ("torch.amin(u)", "torch.amin(u, dim=d)"),
    "norm": ("torch.linalg.vector_norm(u)", "torch.linalg.vector_norm(u, dim=d)"),
    "var": ("torch.var(u, correction=c)", "torch.var(u, dim=d, correction=c)"),
    "std": ("torch.std(u, correction=c)", "torch.std(u, dim=d, correction=c)"),
}
ALONG: dict[str, str] = {"softmax": "torch.softmax(u, d)", "log_softmax": "torch.log_softmax(u, d)"}
PRODUCTS: dict[str, tuple[str, int]] = {  # and how many axes come out
    "outer": ("torch.outer(u, v)", 2),
    "trace": ("torch.trace(u)", 0),
}
FILLED = {"ones": "torch.ones", "zeros": "torch.zeros", "eye": "torch.eye"}
