"""Help cases: a person writes, follows the case by its number and secret, and is answered."""
