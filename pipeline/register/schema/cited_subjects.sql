-- The first and the last words of the subject that a citation prints: what a dispatch without a whole day is found by.
ALTER TABLE cited ADD COLUMN opening TEXT;
ALTER TABLE cited ADD COLUMN ending TEXT;
CREATE INDEX cited_opening ON cited (opening, symbol_key) WHERE opening IS NOT NULL;
CREATE INDEX cited_ending ON cited (ending, symbol_key) WHERE ending IS NOT NULL;
