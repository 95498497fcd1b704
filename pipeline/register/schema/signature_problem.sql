-- Why authorities of the user's choice do not vouch for a signature (trusted is 0): 'expired' where they did on the day
-- of signing that it states, and its certificate's time is over since; 'unknown' where they never did.
ALTER TABLE signatures ADD COLUMN problem TEXT CHECK (problem IN ('expired', 'unknown'));
