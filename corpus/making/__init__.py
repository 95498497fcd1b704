"""How a sample document is made from its source: one module a kind of file."""
