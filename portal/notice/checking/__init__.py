"""Everything that can be wrong with a notice, said at once: one file per family of codes."""
