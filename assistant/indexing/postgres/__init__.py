"""A store in PostgreSQL with pgvector, shared by any number of processes (docs/adr/0012)."""
