"""How fast the engine is, beside others and beside the machine's limit: `make bench`."""
