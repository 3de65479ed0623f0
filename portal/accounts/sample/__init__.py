"""The embedded account system: a sample schema in a database of its own, and sample people."""

from pathlib import Path

DATAMAP = Path(__file__).with_name("datamap.toml")
"""What becomes of every table, column and file of the sample schema at closing."""
