"""torch.sigmoid, torch.tanh and F.softplus, and what autograd makes of them."""

from __future__ import annotations

import torch
import torch.nn.functional as F

from numeric.oracles import gradient, oracle, variable

# F.softplus(x) returns x above its threshold, 20 by default, and so loses e^-20 = 2e-9; e^-50 is below every ulp
SOFTPLUS_THRESHOLD = 50


@oracle("activations.sigmoid_derivative", names="torch.sigmoid")
def sigmoid_derivative(z):
    z = variable(z)
    return gradient(torch.sigmoid(z), z)


@oracle("activations.tanh_derivative", names="torch.tanh")
def tanh_derivative(z):
    z = variable(z)
    return gradient(torch.tanh(z), z)


@oracle("activations.tanh_from_sigmoid", names="torch.tanh")
def tanh_from_sigmoid(z):
    return torch.tanh(z)


@oracle("activations.softplus_derivative", names="F.softplus")
def softplus_derivative(z):
    z = variable(z)
    return gradient(F.softplus(z, threshold=SOFTPLUS_THRESHOLD), z)
