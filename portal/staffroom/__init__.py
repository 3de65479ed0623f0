"""What reviewers do: sign in, see what is open, look at a case, act on it, and by twos."""
