"""Documents to index: read, clean, structure, split into passages, embed, store."""
