"""A store in Milvus 2.5 or newer, for more chunks than one machine holds (docs/adr/0012)."""
