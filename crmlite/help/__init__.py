"""The help: short texts by topic, in both languages, that lead from a page to what is done there."""
