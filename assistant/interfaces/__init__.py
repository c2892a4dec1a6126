"""Command line and pages: parse input, call, render; no decisions."""
