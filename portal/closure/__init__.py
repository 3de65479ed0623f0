"""The heart: what may be closed, when, by which moves; every flow is one file and one thought."""
