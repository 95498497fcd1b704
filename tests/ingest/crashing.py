"""Runs an ingest and kills it, as `kill -9` does, before one of the statements that it sends to SQLite.

Usage: crashing.py AT TRACE ARGUMENT...    AT: the number of the statement (0: none); TRACE: a file for all statements
"""

import os
import signal
import sqlite3
import sys

connect = sqlite3.connect
seen = 0


def traced(*args, **kwargs):
    """A connection that counts what is sent through it."""
    connection = connect(*args, **kwargs)
    connection.set_trace_callback(step)
    return connection


def step(statement):
    global seen
    seen += 1
    if seen == at:
        os.killpg(0, signal.SIGKILL)
    if trace:
        print(" ".join(statement.split())[:60], file=trace)


if __name__ == "__main__":
    at = int(sys.argv[1])
    trace = open(sys.argv[2], "w") if sys.argv[2] != "-" else None  # noqa: SIM115
    sqlite3.connect = traced
    from pipeline.cli import main

    main(sys.argv[3:])
