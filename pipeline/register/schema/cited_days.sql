-- A dispatch whose issuer and symbol are lost is held against all that is cited of its day.
CREATE INDEX cited_day ON cited (issued_on) WHERE issued_on IS NOT NULL;
