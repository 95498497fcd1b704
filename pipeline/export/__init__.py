"""What leaves the register: papers, tables, calendars, data sets. Rows in, files out; nothing here decides."""
