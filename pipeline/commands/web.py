"""`congvan web`: the register in a browser, on this machine; on others only for people with an account."""

from __future__ import annotations

import gc
import signal
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.commands.options import office, register_option, say
from pipeline.errors import CongvanError
from pipeline.speaking import Command, Number, option

if TYPE_CHECKING:
    from uvicorn import Server

_MOST_PORT = 65535
_IDLE_SECONDS = 60  # longer than people pause: a form that is sent while its connection is being closed is lost
_LOTS = (20_000, 20, 20)  # objects, then lots of them, after which Python looks for what is left behind
_LAST_SECONDS = 5  # what is still being answered when the server is stopped

accounts_option = option(
    "--accounts",
    "accounts_path",
    type=click.Path(path_type=Path),
    envvar="CONGVAN_ACCOUNTS",
    default=Path("outputs/accounts.db"),
    help="accounts",
)


class PortTaken(CongvanError):
    """Nothing can listen there (details: host, port, problem)."""

    code = "port_taken"


class NoAccounts(CongvanError):
    """Other machines are to be served and nobody has an account (details: host)."""

    code = "no_accounts"


@click.command(cls=Command)
@option("--host", metavar="HOST", default="127.0.0.1", help="web_host")
@option("--port", type=Number(0), metavar="NUMBER", default=8000, help="web_port")
@option("--name", "names", metavar="HOST", multiple=True, help="web_name")
@option("--behind-proxy", is_flag=True, help="web_behind_proxy")
@option("--root-path", metavar="PATH", default="", help="web_root_path")
@option("--open", "opens", is_flag=True, help="web_open")
@accounts_option
@register_option
def command(
    register_path: Path,
    accounts_path: Path,
    host: str,
    port: int,
    names: tuple[str, ...],
    behind_proxy: bool,
    root_path: str,
    opens: bool,
) -> int:
    """Until it is stopped from the keyboard."""
    from pipeline.register import open_register
    from pipeline.web.accounts import Accounts
    from pipeline.web.app import LOOPBACK, create_app

    open_register(register_path).close()  # what is wrong with it is said now, and an old one is brought up to date
    is_public = host not in LOOPBACK or behind_proxy
    has_accounts = Accounts(accounts_path).are_there()
    if is_public and not has_accounts:
        raise NoAccounts(host=host)
    hosts = {*names, socket.gethostname(), host} if is_public else set(names)
    app = create_app(register_path, accounts_path, office(), hosts=hosts, is_public=is_public)
    listening = _listen(host, port)
    address = _address(host, listening.getsockname()[1], root_path)
    say("web.serving", address=address, register=register_path)
    if not has_accounts:
        say("web.read_only")
    if opens:
        click.launch(address)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways of stopping it are alike
    _collect_seldom()
    with listening, suppress(KeyboardInterrupt):
        _server(app, behind_proxy, root_path).run(sockets=[listening])
    say("web.stopped")
    return 0


def _collect_seldom() -> None:
    """Let what was loaded be out of what the garbage collector goes through, and what pages leave behind be collected
    in larger lots: else everybody waits for it several times a minute."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_LOTS)


def _listen(host: str, port: int) -> socket.socket:
    """The socket, before anything else is said. Raises PortTaken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        if port > _MOST_PORT:
            raise OSError(f"> {_MOST_PORT}")
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise PortTaken(host=host, port=port, problem=error.strerror or str(error)) from error
    return listening


def _address(host: str, port: int, root_path: str) -> str:
    shown = {"0.0.0.0": socket.gethostname(), "::": socket.gethostname()}.get(host, host)
    return f"http://{f'[{shown}]' if ':' in shown else shown}:{port}{root_path}/"


def _server(app: object, behind_proxy: bool, root_path: str) -> Server:
    from uvicorn import Config, Server

    config = Config(
        app,  # type: ignore[arg-type]
        log_level="warning",
        access_log=False,
        ws="none",
        server_header=False,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="127.0.0.1,::1",
        root_path=root_path,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_LAST_SECONDS,
    )
    return Server(config)
