"""What `uig` is put through on purpose: killed, starved, damaged, lied to (docs/reliability.md).

Not part of `make test`: `make campaign` runs all of it, `python -m tests.campaign PART ...` some.
Each part is a file with a `trials(count, seed)` that yields, trial by trial, what went wrong, or an
empty text. Equal seeds make equal trials, so that a line which is printed can be repeated.
"""
