"""Files as received → texts of the corpus with their records (docs/adr/0010)."""
