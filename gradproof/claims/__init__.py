"""Check your own formula: a claim in text, a verdict on it.

verdicts.ClaimVerdict     what a check says      workers.Workers     processes that check and can be stopped
deciding.decide           one claim, here        claims_file.read    the claims of a TOML file
"""
