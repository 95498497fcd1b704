"""What all pages of one running server share."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment

from pipeline.followup.settings import Settings
from pipeline.web.accounts import Accounts
from pipeline.web.book import Book
from pipeline.web.facsimiles import Facsimiles
from pipeline.web.pictures import Pictures
from pipeline.web.sessions import Sessions
from pipeline.web.upload_queue import Uploads


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page that stands in the menu: the name of its route, the code of its words, and who sees it."""

    route: str
    words: str
    needs: str = "read"


@dataclass(frozen=True, slots=True)
class Site:
    """The register, the accounts, the office's settings, templates and menu of a server.

    `hosts` are the names under which it may be called. `is_public`: it listens to other machines too, so nobody reads
    anything without an account.
    """

    book: Book
    accounts: Accounts
    sessions: Sessions
    office: Settings
    templates: Environment
    pictures: Pictures
    facsimiles: Facsimiles
    uploads: Uploads
    menu: tuple[MenuEntry, ...]
    hosts: frozenset[str]
    is_public: bool = False

    @property
    def register_path(self) -> Path:
        """Where the register lies."""
        return self.book.path
