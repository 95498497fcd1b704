"""make: what it lists, what it calls, and how it sets itself up on a bare machine."""

import os
import re
import stat
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
SAMPLE = ROOT / "corpus/samples/thong-bao-ket-luan-cho-dau-moi.txt"


def make(*args, **environment):
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "CONGVAN"))}
    return subprocess.run(
        ["make", "--no-print-directory", *args], cwd=ROOT, capture_output=True, text=True, env=clean | environment
    )


@pytest.fixture
def ready(tmp_path):
    """Arguments by which make finds the environment of this very test run instead of setting one up."""
    stamps = {name: tmp_path / f".{name}" for name in ("RUNTIME", "DEV", "SYSTEM", "BROWSER")}
    for stamp in stamps.values():
        stamp.touch()
    return [*(f"{name}={stamp}" for name, stamp in stamps.items()), f"BIN={Path(sys.executable).parent}"]


def test_help_is_the_default_and_lists_every_target():
    phony = re.search(r"^\.PHONY: (.*)$", MAKEFILE, re.M)[1].split()
    shown = make().stdout
    assert shown == make("help").stdout
    assert [line.split()[0] for line in shown.splitlines()] == phony
    assert all(len(line.split()) > 2 for line in shown.splitlines())


def test_ingest_fills_the_register_also_where_names_hold_spaces(tmp_path, ready):
    inbox, register = tmp_path / "hộp thư đến", tmp_path / "sổ mới.db"
    inbox.mkdir()
    (inbox / "một tệp.txt").write_bytes(SAMPLE.read_bytes())
    run = make("ingest", f"INBOX={inbox}", f"REGISTER={register}", *ready)
    assert run.returncode == 0, run.stderr
    assert register.stat().st_size > 0


def test_a_file_that_fails_does_not_fail_make(tmp_path, ready):
    (tmp_path / "empty.pdf").touch()
    (tmp_path / "good.txt").write_bytes(SAMPLE.read_bytes())
    run = make("ingest", f"INBOX={tmp_path}", f"REGISTER={tmp_path / 'r.db'}", *ready)
    assert run.returncode == 0, run.stderr
    assert "empty.pdf" in run.stderr


def test_a_run_that_cannot_be_done_fails_make(tmp_path, ready):
    foreign = tmp_path / "r.db"
    foreign.write_bytes(b"this is no register at all, but the notes of somebody" * 40)
    run = make("ingest", f"INBOX={SAMPLE.parent}", f"REGISTER={foreign}", *ready)
    assert run.returncode != 0
    assert foreign.read_bytes().startswith(b"this is no register")


def test_an_interpreter_that_is_too_old_is_named(tmp_path):
    old = script(tmp_path / "python3", "exit 1")
    run = subprocess.run([ROOT / ".ci/venv", old, tmp_path / "v"], capture_output=True, text=True)
    assert run.returncode == 2
    assert "3.11" in run.stderr
    assert not (tmp_path / "v").exists()


def test_the_missing_part_of_python_is_installed_where_that_is_allowed(tmp_path):
    run, said = bare_machine(tmp_path, user=0, apt="exit 0")
    assert run.returncode == 0, run.stderr
    assert re.search(r"apt-get .*install -y python\d\.\d+-venv", said)
    assert "made" in said


def test_without_permission_it_says_what_to_type(tmp_path):
    run, said = bare_machine(tmp_path, user=1000, apt="exit 1")
    assert run.returncode == 2
    assert re.search(r"apt-get install python\d\.\d+-venv", run.stderr)
    assert "made" not in said


def script(path, body):
    path.write_text(f"#!/bin/bash\n{body}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def bare_machine(folder, user, apt):
    """Run .ci/venv where Python lacks ensurepip; what was called on the way."""
    said = folder / "said"
    tools = folder / "tools"
    tools.mkdir()
    script(tools / "id", f"echo {user}")
    script(tools / "apt-get", f'echo "apt-get $*" >> "{said}"; {apt}')
    script(tools / "sudo", f'echo "sudo $*" >> "{said}"; [ "$1" = -n ] && shift; "$@"')
    bare = f'case "$*" in *ensurepip*) exit 1;; "-m venv"*) echo made >> "{said}"; exit 0;; esac'
    python = script(tools / "python3", f'{bare}\nexec {sys.executable} "$@"')
    path = f"{tools}:{os.environ['PATH']}"
    run = subprocess.run(
        [ROOT / ".ci/venv", python, folder / "v"],
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        env={**os.environ, "PATH": path},
    )
    return run, said.read_text()


LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("dev",)}


@pytest.mark.parametrize("file", LOCKS)
def test_locks_pin_every_dependency_with_hashes_and_no_place_to_fetch_from(file):
    lock = (ROOT / file).read_text("utf-8")
    pinned = set(re.findall(r"^([a-z0-9-]+)==", lock, re.M))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in ("build", *LOCKS[file]):
        wanted += project["optional-dependencies"][extra]
    assert {re.match(r"[\w.-]+", need)[0].lower().replace("_", "-") for need in wanted} <= pinned
    assert len(re.findall(r"^[a-z0-9-]+==", lock, re.M)) <= lock.count("--hash=sha256:")
    assert "://" not in lock
    assert "--index" not in lock


def test_both_locks_agree():
    first, second = (
        dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / file).read_text("utf-8"), re.M)) for file in LOCKS
    )
    assert first.items() <= second.items()


def test_ci_runs_the_test_command_of_the_readme_and_the_gate():
    steps = re.findall(r"^make (\S+)$", (ROOT / ".ci/run").read_text("utf-8"), re.M)
    assert steps == ["test", "lint", "types", "gate"]
    assert "make test" in (ROOT / "README.md").read_text("utf-8")


TOOLS = ("bash", "env", "grep", "cat", "touch")


def programs(folder, user, apt, present=(), sudo="shift", script_of=".ci/system"):
    """Run .ci/system (or another one) where only `present` programs are installed; what it called on the way.

    `apt` is the body of apt-get, in which `has NAME` installs a program.
    """
    said, tools = folder / "said", folder / "tools"
    tools.mkdir()
    for name in TOOLS:
        (tools / name).symlink_to(f"/usr/bin/{name}" if os.path.exists(f"/usr/bin/{name}") else f"/bin/{name}")
    script(tools / "id", f"echo {user}")
    has = f"has() {{ printf '#!/bin/bash\\necho vie\\n' > {tools}/$1; /bin/chmod +x {tools}/$1; }}"
    script(tools / "apt-get", f'{has}\necho "apt-get $*" >> "{said}"\n{apt}')
    script(tools / "sudo", f'echo "sudo $*" >> "{said}"; {sudo}; [ "$1" = -n ] && shift; "$@"')
    for name in present:
        script(tools / name, "echo vie")
    said.touch()
    run = subprocess.run(
        [tools / "bash", ROOT / script_of], capture_output=True, text=True, stdin=subprocess.DEVNULL,
        env={"PATH": str(tools)},
    )  # fmt: skip
    return run, re.findall(r"^apt-get .*?(update|install .*)$", said.read_text(), re.M), said.read_text()


INSTALLS = 'case "$*" in *ocr-vie*) has tesseract;; *writer-nogui*) has soffice;; esac'


def test_what_reads_scans_and_doc_files_is_installed_where_that_is_allowed(tmp_path):
    run, done, _ = programs(tmp_path, 0, INSTALLS)
    assert run.returncode == 0
    assert done == [
        "update",
        "install -y --no-install-recommends tesseract-ocr tesseract-ocr-vie",
        "install -y --no-install-recommends libreoffice-writer-nogui",
    ]
    assert "apt-get" not in run.stderr


def test_nothing_is_installed_or_said_where_all_is_there(tmp_path):
    run, done, said = programs(tmp_path, 1000, "exit 1", present=("tesseract", "soffice"))
    assert (run.returncode, run.stderr, done, said) == (0, "", [], "")


def test_a_typeface_with_all_letters_is_installed_where_none_is_there(tmp_path):
    run, done, _ = programs(tmp_path, 0, "exit 0", present=("tesseract", "soffice", "fc-list"))
    assert run.returncode == 0
    assert done == ["update", "install -y --no-install-recommends fonts-liberation2"]
    assert "will mix typefaces" in run.stderr  # this apt-get did nothing


def test_where_there_is_no_libreoffice_antiword_takes_its_place(tmp_path):
    run, done, _ = programs(tmp_path, 0, 'case "$*" in *antiword*) has antiword;; *) exit 100;; esac', ("tesseract",))
    assert run.returncode == 0
    assert [d.split()[-1] for d in done] == ["update", "libreoffice-writer-nogui", "libreoffice-writer", "antiword"]
    assert ".doc" not in run.stderr.partition("\n")[2]


def test_without_permission_it_says_what_to_type_and_goes_on(tmp_path):
    run, done, said = programs(tmp_path, 1000, "exit 0", sudo="exit 1")
    assert (run.returncode, done) == (0, [])
    assert said == "sudo -n true\n"
    assert "apt-get install --no-install-recommends tesseract-ocr tesseract-ocr-vie" in run.stderr
    assert "apt-get install --no-install-recommends libreoffice-writer-nogui" in run.stderr


def test_without_a_network_it_goes_on_too(tmp_path):
    run, _, _ = programs(tmp_path, 0, "exit 100")
    assert run.returncode == 0
    assert "make system" in run.stderr


@pytest.mark.parametrize("target", ["ingest", "test"])
def test_make_asks_for_programs_once_and_not_again(tmp_path, ready, target):
    absent = [f"SYSTEM={tmp_path / 'absent'}" if name.startswith("SYSTEM=") else name for name in ready]
    assert ".ci/system" in make("--dry-run", target, *absent).stdout
    assert ".ci/system" not in make("--dry-run", target, *ready).stdout


def test_the_browser_of_the_tests_is_installed_where_that_is_allowed(tmp_path):
    run, done, _ = programs(tmp_path, 0, 'case "$*" in *chromium*) has chromium;; esac', script_of=".ci/browser")
    assert run.returncode == 0
    assert done == ["update", "install -y --no-install-recommends chromium"]
    assert "skipped" not in run.stderr


def test_without_permission_the_browser_is_named_and_the_tests_go_on(tmp_path):
    run, done, _ = programs(tmp_path, 1000, "exit 0", sudo="exit 1", script_of=".ci/browser")
    assert (run.returncode, done) == (0, [])
    assert "apt-get install --no-install-recommends chromium" in run.stderr


def test_only_make_test_asks_for_the_browser(tmp_path, ready):
    absent = [f"BROWSER={tmp_path / 'absent'}" if name.startswith("BROWSER=") else name for name in ready]
    assert ".ci/browser" in make("--dry-run", "test", *absent).stdout
    assert ".ci/browser" not in make("--dry-run", "ingest", *absent).stdout
