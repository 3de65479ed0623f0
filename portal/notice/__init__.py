"""The notice as the legal team wrote it: read, shown and registered by version.

This room knows neither Flask nor SQL. It takes bytes and dates, and gives frozen values.
"""
