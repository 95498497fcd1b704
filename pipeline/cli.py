"""The `congvan` command: data on standard output, words on standard error, an exit code that can be trusted.

0: all that was asked for was done. 1: something was not, and the words say what. 2: the command was not written
right. 130: stopped from the keyboard. A command's module is imported when that command is called, not before.
"""

from __future__ import annotations

import errno
import io
import os
import sys
import traceback
from importlib.util import find_spec

import click

from pipeline.commands.options import say
from pipeline.errors import CongvanError
from pipeline.messages import LANGUAGES, error_text
from pipeline.speaking import Choice, Program, option, take_language, usage_text

COMMANDS = (
    "ingest",
    "extract",
    "search",
    "tasks",
    "agenda",
    "overdue",
    "due",
    "occurrences",
    "scoreboard",
    "waiting",
    "show",
    "chain",
    "dispatches",
    "issues",
    "review",
    "correct",
    "confirm",
    "anchor",
    "receive",
    "import",
    "export",
    "remind",
    "add",
    "remove",
    "done",
    "extend",
    "reassign",
    "suspend",
    "withdraw",
    "mark",
    "undo",
    "history",
    "failures",
    "reextract",
    "backup",
    "restore",
    "verify",
    "evaluate",
    "config",
    "web",
    "user",
    "watch",
    "suggest-rules",
)
# where Python does not allow the command's name
MODULES = {"import": "import_table", "suggest-rules": "suggest_rules"}
BROKEN_PIPE = 141
INTERRUPTED = 130


def modules() -> dict[str, str]:
    """The commands that are there, and where each is found."""
    places = {name: f"pipeline.commands.{MODULES.get(name, name)}" for name in COMMANDS}
    return {name: place for name, place in places.items() if find_spec(place)}


@click.command(cls=Program, name="congvan", modules=modules(), no_args_is_help=True)
@option("--lang", type=Choice(LANGUAGES), expose_value=False, help="lang")
@option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=lambda c, p, v: _version(v), help="version"
)
def program() -> None:
    """All commands."""


def main(args: list[str] | None = None) -> None:
    """Run one command line and leave with its exit code."""
    # a file name that is no UTF-8 is shown with escapes rather than ending the run
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="backslashreplace")
    try:
        code = run(args)
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_output()  # whoever read it has seen enough
        code = BROKEN_PIPE
    except OSError as error:
        code = _failed(error)
    sys.exit(code)


def _drop_output() -> None:
    """What is left in the buffer goes nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _failed(error: Exception) -> int:
    """Say what nobody foresaw, or that there is no room for what was asked for."""
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _drop_output()
        say("error.output_full")
    else:
        say("error.unexpected", **fault(error))
    return 1


def run(args: list[str] | None = None) -> int:
    """Run one command line; its exit code."""
    try:
        with program.make_context("congvan", take_language(sys.argv[1:] if args is None else args)) as ctx:
            return int(program.invoke(ctx) or 0)
    except click.UsageError as error:
        _say_usage(error)
        return 2
    except click.exceptions.Exit as done:
        return done.exit_code
    except CongvanError as error:
        say("error.prefix", problem=error_text(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        say("error.interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        raise
    except Exception as error:
        if os.environ.get("CONGVAN_TRACEBACK"):
            raise
        return _failed(error)


def fault(error: BaseException) -> dict[str, object]:
    """Where the program failed, without the error's own words, which may quote a document."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"
    return {"type": type(error).__name__, "at": at}


def _say_usage(error: click.UsageError) -> None:
    if error.ctx and isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.ctx.get_help(), err=True)
        return
    say("error.prefix", problem=usage_text(error))
    say("usage.see_help", command=error.ctx.command_path if error.ctx else "congvan")


def _version(asked: bool) -> None:
    if asked:
        from pipeline.version import fingerprinted_version

        click.echo(f"congvan {fingerprinted_version()}")
        raise click.exceptions.Exit(0)


if __name__ == "__main__":
    main()
