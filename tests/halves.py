"""All tests in two processes side by side, which is what two cores have room for: `make test`.

The second half is shown when the first has ended. Exit code 0 if both passed.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

APART = ["web", "export", "importing", "learning", "reminding", "scaling", "watching"]
PYTEST = [sys.executable, "-m", "pytest", "-q"]


def main() -> int:
    """Run both halves, each with what else was asked for."""
    folders = [f"tests/{name}" for name in APART]
    rest = [f"--ignore={folder}" for folder in folders]
    with tempfile.TemporaryFile("w+b") as told:
        pages = subprocess.Popen([*PYTEST, *sys.argv[1:], *folders], stdout=told, stderr=subprocess.STDOUT)
        try:
            code = subprocess.call([*PYTEST, *sys.argv[1:], *rest])
            other = pages.wait()
        finally:
            pages.kill()
        told.seek(0)
        sys.stdout.write(told.read().decode("utf-8", "replace"))
    return code or other


if __name__ == "__main__":
    sys.exit(main())
