"""What changed between two versions of the notice, paragraph by paragraph, and how to show it."""
