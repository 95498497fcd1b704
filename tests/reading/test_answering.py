"""Programs that stay answer each question within its bounds, and are started anew when they are no more."""

import os
import time
from textwrap import dedent

import pytest
from test_programs import gone

from pipeline.errors import ProgramFailed, ProgramTimedOut
from pipeline.reading.answering import AnsweringProgram

ECHO = """
    import os, sys, time
    place, word = int(sys.argv[1]), sys.argv[2]

    def say(data):
        sys.stdout.buffer.write(len(data).to_bytes(8, "big") + data)
        sys.stdout.buffer.flush()

    for line in sys.stdin:
        if line == "hang\\n":
            print("started", os.spawnlp(os.P_NOWAIT, "sleep", "sleep", "60"), file=open(word, "w"), flush=True)
            time.sleep(60)
        elif line == "die\\n":
            os.kill(os.getpid(), 9)
        elif line == "boast\\n":
            sys.stdout.buffer.write((1 << 60).to_bytes(8, "big") + b"x" * 100_000)
            sys.stdout.buffer.flush()
        elif line == "stop short\\n":
            sys.stdout.buffer.write((50).to_bytes(8, "big") + b"x")
            sys.stdout.buffer.flush()
            sys.exit(3)
        elif line == "grow\\n":
            say(str(len(bytes(400_000_000))).encode())
        elif line == "complain\\n":
            print("a word of the document", file=sys.stderr)
            say(b"")
        else:
            say(f"{os.getpid()} {line}".encode() + os.pread(place, 5_000_000, 0)[: int(line)])
"""


@pytest.fixture
def program(tmp_path):
    script = tmp_path / "echo.py"
    script.write_text(dedent(ECHO))
    program = AnsweringProgram("echo", script, str(tmp_path / "word"), memory=300_000_000)
    yield program
    program.end()


def asked(program, line, given=b"", seconds=20.0, max_output=10_000_000):
    return program.ask(line, given, seconds, max_output)


def pid_of(program):
    return int(asked(program, "0").split()[0])


def test_one_process_answers_all_questions_whatever_their_size(program):
    answers = [asked(program, str(size), os.urandom(size)) for size in (3, 4_000_000, 0, 2)]
    assert len({answer.split()[0] for answer in answers}) == 1
    assert [len(answer.partition(b"\n")[2]) for answer in answers] == [3, 4_000_000, 0, 2]


def test_it_is_given_what_is_asked_about_and_not_what_was_before(program):
    asked(program, "5", b"first")
    assert asked(program, "3", b"two").endswith(b"\ntwo")


def test_what_hangs_is_ended_with_all_that_it_started_and_started_anew(program, tmp_path):
    before, start = pid_of(program), time.monotonic()
    with pytest.raises(ProgramTimedOut) as raised:
        asked(program, "hang", seconds=1)
    assert raised.value.details == {"program": "echo", "seconds": 1}
    assert time.monotonic() - start < 20
    assert gone(before) and gone((tmp_path / "word").read_text().split()[1])
    assert pid_of(program) != before


@pytest.mark.parametrize(("line", "code"), [("die", -9), ("stop short", 3), ("grow", 1)])
def test_what_ends_by_itself_is_a_failure_that_tells_its_exit_code(program, line, code):
    before = pid_of(program)
    with pytest.raises(ProgramFailed) as raised:
        asked(program, line)
    assert raised.value.details == {"program": "echo", "exit": code}
    assert pid_of(program) != before


def test_an_answer_that_is_too_long_is_not_taken(program):
    with pytest.raises(ProgramFailed):
        asked(program, "boast")
    assert pid_of(program)


def test_what_was_killed_between_two_questions_is_started_anew(program):
    before = pid_of(program)
    os.kill(before, 9)
    assert gone(before)
    assert pid_of(program) != before


def test_what_it_complains_of_is_not_printed(program, capfd):
    asked(program, "complain")
    assert capfd.readouterr() == ("", "")


def test_a_forked_process_has_its_own(program):
    ours = pid_of(program)
    into, out = os.pipe()
    child = os.fork()
    if not child:
        theirs = pid_of(program)
        os.write(out, str(theirs).encode())
        program.end()
        os._exit(0)
    os.close(out)
    os.waitpid(child, 0)
    theirs = int(os.read(into, 100))
    os.close(into)
    assert theirs != ours
    assert pid_of(program) == ours
