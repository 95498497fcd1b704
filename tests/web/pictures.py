"""Pictures of pages for docs/pictures, taken of the samples: `make pictures`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from visiting import CHROMIUM, PASSWORD, ROOT, SAMPLES, start_server, stop

PLACE = ROOT / "docs/pictures"
SIZE = {"width": 1366, "height": 768}
AS_OF = "2026-02-20"


def main() -> int:
    """Read the samples, serve them, take the pictures."""
    PLACE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        register, accounts = Path(folder, "register.db"), Path(folder, "accounts.db")
        congvan = [sys.executable, "-m", "pipeline.cli"]
        subprocess.run([*congvan, "ingest", "--lenient", "--register", register, SAMPLES], cwd=ROOT, check=True)
        subprocess.run(
            [*congvan, "user", "add", "hoa", "--role", "admin", "--shown", "Trần Thị Hoa", "--accounts", accounts],
            input=f"{PASSWORD}\n",
            text=True,
            cwd=ROOT,
            check=True,
        )
        server = start_server(register, accounts)
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=CHROMIUM)
                take(browser, server.address)
        finally:
            stop(server)
    return 0


def take(browser: Browser, address: str) -> None:
    """Each page as a clerk sees it on a small screen."""
    page = browser.new_page(viewport=SIZE, locale="vi-VN")
    page.goto(f"{address}/sign-in")
    page.fill("[name=name]", "hoa")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url(f"{address}/")
    shoot(page, f"{address}/tasks?as_of={AS_OF}&window=late", "tasks")
    page.goto(f"{address}/documents")
    first = page.locator("main a", has_text="1287/SNNMT-TNN").first.get_attribute("href")
    shoot(page, f"{address}{first}", "document")
    shoot(page, f"{address}/review", "review")


def shoot(page: Page, address: str, name: str) -> None:
    """A picture of few colours, which is small."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    path = PLACE / f"{name}.png"
    page.screenshot(path=path)
    Image.open(path).convert("RGB").quantize(64, dither=Image.Dither.NONE).save(path, optimize=True)


if __name__ == "__main__":
    sys.exit(main())
