"""What a sentence does: how strongly it binds, and whom."""
