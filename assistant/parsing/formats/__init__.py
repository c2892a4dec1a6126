"""Office files, web pages and archives → plain text, in a child process with limits (docs/adr/0010)."""
