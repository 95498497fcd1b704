"""Runs a command and kills its process group, as `kill -9` does, before one of the statements it sends to SQLite.

Usage: crashing.py AT ARGUMENT...    AT: the number of the statement
"""

import os
import signal
import sqlite3
import sys

connect = sqlite3.connect
seen = 0
at = 0
trace = None


def traced(*args, **kwargs):
    """A connection that counts what is sent through it."""
    connection = connect(*args, **kwargs)
    connection.set_trace_callback(step)
    return connection


def step(statement):
    """Count one statement, note it, and die where it is the one."""
    global seen
    seen += 1
    if seen == at:
        os.killpg(0, signal.SIGKILL)
    if trace:
        print(" ".join(statement.split())[:60], file=trace)


if __name__ == "__main__":
    at = int(sys.argv[1])
    sqlite3.connect = traced
    from pipeline.cli import main

    main(sys.argv[2:])
