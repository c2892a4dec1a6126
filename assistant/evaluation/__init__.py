"""Evaluation: figures from questions, replies and texts, all of them files. Nothing here asks the assistant itself."""
