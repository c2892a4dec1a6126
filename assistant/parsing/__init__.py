"""Files → policies: text, clause tree, sentences, header facts."""
