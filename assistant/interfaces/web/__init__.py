"""The web page: chat on the left, the cited clauses on the right. It parses, calls the answerer and renders."""
