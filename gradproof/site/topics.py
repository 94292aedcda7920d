"""The topics as a reader looks for them: a title, one sentence, and the words that people search with."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Topic:
    name: str
    title: str
    about: str
    aliases: tuple[str, ...] = ()


_TOPICS = (
    Topic("activations", "Activations", "Sigmoid, tanh and softplus, their derivatives and how large those can be.",
          ("activation function", "logistic function", "nonlinearity", "σ")),
    Topic("gradient_flow", "Gradient flow", "What depth does to a gradient.",
          ("vanishing gradient", "exploding gradient")),
    Topic("linear", "Linear layers", "Affine maps and their gradients.", ("fully connected", "dense layer")),
    Topic("convolution", "Convolution", "Convolutions and their gradients.", ("conv", "cross-correlation")),
    Topic("residual", "Residual connections", "What a shortcut does to a gradient.", ("resnet", "skip connection")),
    Topic("losses", "Losses", "Squared error and cross-entropy, and why the second one learns faster.",
          ("loss function", "MSE", "log-loss", "binary cross-entropy", "BCE", "crossentropy", "NLL")),
    Topic("softmax", "Softmax", "Softmax, its Jacobian, and the gradient of cross-entropy through it.",
          ("softargmax", "logits", "cross-entropy", "crossentropy")),
    Topic("supervision", "Supervision", "Losses inside a network.", ("deep supervision", "auxiliary loss")),
    Topic("initialization", "Initialisation", "How weights start.", ("init", "Xavier", "He", "Glorot", "Kaiming")),
    Topic("normalization", "Normalisation", "Layer, instance and group normalisation.", ("layernorm", "layer norm")),
    Topic("batchnorm", "Batch normalisation", "Batch normalisation backwards, stage by stage and in one line.",
          ("batch norm", "batch normalization", "BN")),
    Topic("regularization", "Regularisation", "Weight decay, dropout and their kin.",
          ("weight decay", "dropout", "L2")),
    Topic("descent", "Gradient descent", "Gradient descent, its step and its rate.", ("GD", "SGD", "learning rate")),
    Topic("newton", "Newton's method", "Second-order steps.", ("Hessian", "second order")),
    Topic("adaptive", "Adaptive optimisers", "Adam: its moments, their bias and its first step.",
          ("Adam", "optimizer", "RMSProp", "bias correction")),
    Topic("averages", "Moving averages", "Exponential against simple moving averages: age, noise and window.",
          ("EMA", "SMA", "exponential moving average", "simple moving average", "running mean", "momentum")),
)  # fmt: skip

# Names that belong to one result of a topic and would find the wrong ones if the whole topic had them.
ALSO_CALLED = {
    "activations.sigmoid_derivative": ("logistic derivative", "sigmoid prime"),
    "adaptive.adam_bias_correction": ("Adam bias correction",),
    "averages.ema_mean_age": ("EMA mean age", "EMA lag"),
    "batchnorm.input_gradient": (
        "batch norm gradient",
        "batch norm backward",
        "batchnorm backward pass",
        "layernorm gradient",
        "layer norm gradient",
    ),
    "softmax.cross_entropy_gradient": ("softmax cross-entropy derivative", "p minus y", "logits gradient"),
    "softmax.jacobian": ("softmax derivative", "derivative of softmax", "softmax gradient"),
}

TOPICS = {topic.name: topic for topic in _TOPICS}


def topic(name: str) -> Topic:
    """The topic; one that nobody has described yet goes by its name."""
    return TOPICS.get(name) or Topic(name, name.replace("_", " ").capitalize(), "")
