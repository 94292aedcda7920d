"""Closed forms as source to copy: PyTorch or NumPy text that needs nothing of this project.

source.py        the door: the text of a module, from a theorem or an expression
printer.py       the value of an expression as code, one rule a node
leaves.py        numbers, arguments, indices, deltas
arithmetic.py    terms, products, powers, functions entry by entry
reductions.py    sums, products, means
along.py         softmax and its kin, expectations
definitions.py   local variables for what the mathematics names; recurrences as loops
reading.py       entries of arrays: slices, flips, gathers
ranges.py        the ends of index ranges, and whole numbers as code
arguments.py     the signature, and sizes read off the shapes
names.py         a name for everything
derivatives.py   derivatives carried out before anything is printed
code.py          a piece of code with its named axes
dialects.py      what PyTorch and NumPy spell differently
layout.py        lines that fit the page

Every expression becomes code with named axes behind the batch axes. What cannot be written soundly raises NoSource.
"""

from gradproof.export.code import NoSource

__all__ = ["NoSource"]
