"""Measured claims. Each figure stands beside its baseline, taken in the same run."""
