"""Files with records of packs: a row for each."""
