"""What stands beside the tables: datapackage.json (Frictionless), the data dictionary, README and licence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.export.dataset_tables import DataColumn, DataTable
from pipeline.messages import LANGUAGES, catalogue

NAME = "congvan-register"
LICENCE = {"name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "LICENSE"}
DICTIONARIES = {"vi": "TU-DIEN-DU-LIEU.md", "en": "DATA-DICTIONARY.md"}
_CHUNK = 1 << 20
_BREAK = "\n"


def write_papers(folder: Path, tables: tuple[DataTable, ...], counts: Mapping[str, int]) -> None:
    """All of them; the tables' files must be there whole."""
    for name, language in (("README.md", "en"), ("DOC-TRUOC.md", "vi")):
        (folder / name).write_text(_say("dataset.readme", language, rows=_counted(tables, counts, language)), "utf-8")
    (folder / LICENCE["path"]).write_text("\n\n".join(_say("dataset.licence", at) for at in ("en", "vi")), "utf-8")
    for language, name in DICTIONARIES.items():
        (folder / name).write_text(dictionary(tables, language), "utf-8")
    package = json.dumps(datapackage(folder, tables, counts), ensure_ascii=False, indent=2)
    (folder / "datapackage.json").write_text(f"{package}\n", "utf-8")


def _say(code: str, language: str, **details: object) -> str:
    return catalogue()[code][language].format(**details).strip() + _BREAK


def _counted(tables: tuple[DataTable, ...], counts: Mapping[str, int], language: str) -> str:
    return _BREAK.join(f"| `{t.name}` | {counts[t.name]} | {t.vi if language == 'vi' else t.en} |" for t in tables)


def dictionary(tables: tuple[DataTable, ...], language: str) -> str:
    """Every column of every table, as Markdown, in one language."""
    assert language in LANGUAGES
    lines = [_say("dataset.dictionary", language)]
    for table in tables:
        lines.append(f"## {table.name}{_BREAK}{_BREAK}{table.vi if language == 'vi' else table.en}{_BREAK}")
        lines.append(_say("dataset.dictionary_head", language) + "|---|---|---|---|---|")
        lines += [_line(column, language) for column in table.columns]
        lines.append("")
    return _BREAK.join(lines).rstrip() + _BREAK


def _line(column: DataColumn, language: str) -> str:
    meaning = column.vi if language == "vi" else column.en
    kind = f"{column.type} → `{column.ref}.id`" if column.ref else column.type
    return f"| `{column.name}` | {meaning} | {kind} | {column.unit} | {column.source} |"


def datapackage(folder: Path, tables: tuple[DataTable, ...], counts: Mapping[str, int]) -> dict[str, Any]:
    """The description that programs read: files with size and hash, columns with types, keys between tables."""
    return {
        "profile": "data-package",
        "name": NAME,
        "title": _say("dataset.title", "en").strip(),
        "description": _say("dataset.description", "en").strip(),
        "licenses": [LICENCE],
        "resources": list(_resources(folder, tables, counts)),
    }


def _resources(folder: Path, tables: tuple[DataTable, ...], counts: Mapping[str, int]) -> Iterator[dict[str, Any]]:
    for table in tables:
        common = {"title": table.vi, "description": table.en, "schema": _schema(table), "rows": counts[table.name]}
        yield {
            "profile": "tabular-data-resource",
            "name": table.name,
            **_file(folder / f"{table.name}.csv"),
            **{"format": "csv", "mediatype": "text/csv", "encoding": "utf-8"},
            **common,
        }
        yield {
            "name": f"{table.name}-parquet",
            **_file(folder / f"{table.name}.parquet"),
            **{"format": "parquet", "mediatype": "application/vnd.apache.parquet"},
            **common,
        }


def _file(path: Path) -> dict[str, Any]:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            digest.update(chunk)
    return {"path": path.name, "bytes": path.stat().st_size, "hash": f"sha256:{digest.hexdigest()}"}


def _schema(table: DataTable) -> dict[str, Any]:
    fields = [{"name": c.name, "type": c.type, "title": c.vi, "description": c.en} for c in table.columns]
    keys = [
        {"fields": c.name, "reference": {"resource": c.ref, "fields": "id"}} for c in table.columns if c.ref
    ]  # fmt: skip
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if table.columns[0].name == "id":
        schema["primaryKey"] = "id"
    return schema | ({"foreignKeys": keys} if keys else {})
