"""What people's corrections teach: proposals for the lexicon, which a person reads, judges and enters."""
