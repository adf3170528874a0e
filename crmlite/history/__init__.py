"""The change record: every change of every field, the ledger behind it, and the recycle bin."""
