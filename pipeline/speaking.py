"""click, speaking the catalogue's language: help pages, options and usage errors.

Commands, options and arguments carry codes instead of words; the words are looked up when help is shown, so that
one process can speak both languages.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from importlib import import_module
from typing import Any, TypeVar

import click

from pipeline.messages import LANGUAGES, choose_language, known, text

F = TypeVar("F", bound=Callable[..., Any])


class WrongUsage(click.UsageError):
    """A usage error whose words come from the catalogue."""

    def __init__(self, code: str, ctx: click.Context | None = None, **details: object) -> None:
        super().__init__(text(code, **details), ctx)


class Option(click.Option):
    """An option whose help is the message `option.<help>`."""

    def get_help_record(self, ctx: click.Context) -> tuple[str, str] | None:
        code, self.help = self.help, text(f"option.{self.help}") if self.help else None
        try:
            return super().get_help_record(ctx)
        finally:
            self.help = code

    def get_help_extra(self, ctx: click.Context) -> click.types.OptionHelpExtra:
        return {}

    def make_metavar(self, ctx: click.Context) -> str:
        return _metavar(super().make_metavar(ctx))


class Argument(click.Argument):
    """An argument whose name in help pages is translated, and in brackets where it may be left out."""

    def make_metavar(self, ctx: click.Context) -> str:
        shown = _metavar(super().make_metavar(ctx))
        return shown if self.required or shown.startswith("[") else f"[{shown}]"


class Command(click.Command):
    """A command whose help is the message `help.<name>`; the first sentence stands in the list of commands.

    A command of a group is `<group>.<name>` in the catalogue.
    """

    code: str | None = None

    @property
    def help_code(self) -> str:
        """The name in the catalogue."""
        return self.code or self.name or ""

    def get_short_help_str(self, limit: int = 45) -> str:
        return short_help(self.help_code)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        said = {"[OPTIONS]": "help.options_metavar", "COMMAND [ARGS]...": "help.command_metavar"}
        pieces = [text(said[p]) if p in said else p for p in self.collect_usage_pieces(ctx)]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=text("help.usage") + " ")

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.indentation():
            for paragraph in text(f"help.{self.help_code}").split("\n\n"):
                formatter.write_paragraph()
                formatter.write_text(paragraph)

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        options = [p for p in self.get_params(ctx) if isinstance(p, click.Option)]
        records = [r for p in options if (r := p.get_help_record(ctx))]
        with formatter.section(text("help.options")):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = text("option.help")
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.allow_extra_args = True
        rest = super().parse_args(ctx, args)
        if rest and not isinstance(self, click.Group):
            raise WrongUsage("usage.extra_arguments", ctx, words=" ".join(rest))
        return rest


class Program(Command, click.Group):
    """The command of commands; a command's module is imported only when that command is called.

    `modules` says where each command is: a module with `command`, or "module:name". `under` is the name under which a
    group of commands stands in the program, None for the program itself.
    """

    def __init__(self, *args: Any, modules: dict[str, str], under: str | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.modules = modules
        self.under = under

    def code_of(self, name: str) -> str:
        """A command's name in the catalogue."""
        return f"{self.under}.{name}" if self.under else name

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.modules:
            return None
        place, _, name = self.modules[cmd_name].partition(":")
        command: click.Command = getattr(import_module(place), name or "command")
        command.name = cmd_name
        if self.under and isinstance(command, Command):
            command.code = self.code_of(cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        command = self.get_command(ctx, name)
        if command is None:
            raise WrongUsage("usage.no_command", ctx, name=name)
        return name, command, args[1:]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        Command.format_options(self, ctx, formatter)
        with formatter.section(text("help.commands")):
            formatter.write_dl([(name, short_help(self.code_of(name))) for name in self.modules])


class Date(click.ParamType):  # type: ignore[type-arg]
    """A day: 2023-05-01 or 01/5/2023; handed on as ISO text."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        day = parse_day(str(value))
        if day is None:
            raise WrongUsage("usage.bad_date", ctx, value=value)
        return day


class Choice(click.Choice[str]):
    """One of some words, refused in the user's language."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            option = (param.opts[0] if param and param.opts else "") if isinstance(param, click.Option) else ""
            raise WrongUsage("usage.bad_choice", ctx, value=value, choices=", ".join(self.choices), option=option)
        return str(value)


class Number(click.ParamType):  # type: ignore[type-arg]
    """A number of at least `least`."""

    name = "number"

    def __init__(self, least: int = 1) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not str(value).isdecimal() or int(value) < self.least:
            raise WrongUsage("usage.bad_number", ctx, value=value, least=self.least)
        return int(value)


class Days(Number):
    """A number of days: 7 or 7d."""

    name = "days"

    def __init__(self) -> None:
        super().__init__(0)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return super().convert(value.removesuffix("d") if isinstance(value, str) else value, param, ctx)


def option(*names: str, **attributes: Any) -> Callable[[F], F]:
    """`click.option` with its help out of the catalogue."""
    return click.option(*names, cls=Option, **attributes)


def argument(*names: str, **attributes: Any) -> Callable[[F], F]:
    """`click.argument` with its name out of the catalogue."""
    return click.argument(*names, cls=Argument, **attributes)


def parse_day(value: str) -> str | None:
    """A day typed by a person, as ISO text; None where it is none.

    >>> parse_day("01/5/2023"), parse_day("2023-05-01"), parse_day("30/02/2023")
    ('2023-05-01', '2023-05-01', None)
    """
    if m := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", value.strip()):
        year, month, day = m.groups()
    elif m := re.fullmatch(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})", value.strip()):
        day, month, year = m.groups()
    else:
        return None
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def take_language(args: list[str]) -> list[str]:
    """The arguments without `--lang`, which may stand anywhere; what it says is spoken from now on."""
    choose_language(None)
    out = list(args)
    end = out.index("--") if "--" in out else len(out)
    for i, arg in enumerate(out[:end]):
        if arg != "--lang" and not arg.startswith("--lang="):
            continue
        value = arg.partition("=")[2] if "=" in arg else (out[i + 1] if i + 1 < len(out) else "")
        if value not in LANGUAGES:
            return out  # click meets it again and says what is wrong
        choose_language(value)
        return out[:i] + out[i + (1 if "=" in arg else 2) :]
    return out


def usage_text(error: click.UsageError) -> str:
    """What was wrong with a command line, in the user's language."""
    if isinstance(error, WrongUsage):
        return error.message
    if isinstance(error, click.NoSuchOption):
        near = ", ".join(error.possibilities or ())
        return text("usage.no_option_near" if near else "usage.no_option", name=error.option_name, near=near)
    if isinstance(error, click.MissingParameter):
        param = error.param
        name = param.make_metavar(error.ctx) if param and error.ctx and isinstance(param, Argument) else ""
        return text("usage.missing", name=name.rstrip(".") or (param.opts[0] if param else ""))
    if isinstance(error, click.BadOptionUsage):
        return text("usage.option_needs_value", name=error.option_name)
    if isinstance(error, click.BadParameter):
        name = error.param.opts[0] if error.param and error.param.opts else ""
        return text("usage.bad_value", name=name, problem=error.message)
    return text("usage.other", problem=error.format_message())


def short_help(name: str) -> str:
    """The first sentence of a command's help."""
    return text(f"help.{name}").split("\n\n")[0].rstrip(".")


def _metavar(shown: str) -> str:
    return re.sub(r"[A-Z_]{2,}", lambda m: text(f"metavar.{m[0]}") if known(f"metavar.{m[0]}") else m[0], shown)
