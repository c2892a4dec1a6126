"""Chunks → files that can be searched, and those files → searchers."""
