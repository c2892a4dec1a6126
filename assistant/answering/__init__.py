"""Found sentences → an answer a person can act on, or an honest no."""
