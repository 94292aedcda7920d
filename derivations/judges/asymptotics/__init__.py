"""The growth of real functions at infinity, by expansions with an error term.

    constants     signs of coefficients, zero or not, for all admissible parameters
    scale         x^p (log x)^q ... exp(L), totally ordered by growth
    series        c_1 m_1 + c_2 m_2 + ... + O(m): sums, products, powers, exp, log
    rules         one rule for each function
    special       Stirling's series, Bessel functions, erfc, expint

Every line is a theorem "f(x) = these terms + O(this one) as x -> oo", so that a limit is read off the terms.
"""
