"""Accounts in an SQL database: facts read from its tables, erasing as its data map says.

``standing``, ``holdings``, ``people`` and ``access`` know the tables; ``planning``, ``applying``
and ``checking`` know the data map only.
"""
