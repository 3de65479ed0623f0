"""What outlives the account: the ledger of what happened, and the keys that can silence it."""
