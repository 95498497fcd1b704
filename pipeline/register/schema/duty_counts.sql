-- Duties are counted from indexes alone, without a look at each row: what tells whether a row holds on a day and is
-- late on it stands behind the order (is_newest too, else the row itself would be read for it).
DROP INDEX duty_times_strict;
DROP INDEX duty_times_lenient;
DROP INDEX duty_times_strict_clock;
DROP INDEX duty_times_lenient_clock;
DROP INDEX duty_times_body;
CREATE INDEX duty_times_strict ON duty_times
    (last_strict, duty_id, period, from_day, opens, due, clock_strict, may_lapse, is_newest) WHERE is_newest;
CREATE INDEX duty_times_lenient ON duty_times
    (last_lenient, duty_id, period, from_day, opens, due, clock_lenient, may_lapse, is_newest) WHERE is_newest;
CREATE INDEX duty_times_strict_clock ON duty_times
    (clock_strict, last_strict, duty_id, period, from_day, opens, due, may_lapse, state, is_newest) WHERE is_newest;
CREATE INDEX duty_times_lenient_clock ON duty_times
    (clock_lenient, last_lenient, duty_id, period, from_day, opens, due, may_lapse, state, is_newest) WHERE is_newest;
CREATE INDEX duty_times_body ON duty_times
    (body_id, clock_strict, state, last_strict, from_day, opens, due, may_lapse, held_on, is_newest) WHERE is_newest;
CREATE INDEX duty_times_body_lenient ON duty_times
    (body_id, clock_lenient, state, last_lenient, from_day, opens, due, may_lapse, held_on, is_newest) WHERE is_newest;
