"""Handing over what a recruiter leaves to the company (二.3.2).

The account system owns the things and decides who may have them; here lie only the names that
wait for an answer, and what the ledger is told.
"""
