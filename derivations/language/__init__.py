"""The claim language: statements about scalars and arrays of any size, read from text that is never run.

claims.read(states, where, let)     text -> Claim; raises InvalidClaim with line and column
admissible.problem(claim)           Claim -> what the judges decide, over the inputs where it has a meaning
"""
