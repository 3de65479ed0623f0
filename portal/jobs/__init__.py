"""Doing due tasks, and the two processes that see to it. RQ is the doorbell, SQL the list."""
