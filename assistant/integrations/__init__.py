"""Other people's frameworks: our parts as theirs, their models as ours. Each is an optional extra."""
