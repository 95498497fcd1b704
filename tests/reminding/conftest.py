"""An office with a few duties, its settings, and patience of fractions of a second."""

import pytest
from register_papers import before, deadline, enter, obligation, paper

from pipeline.reminding.sending import Bounds

DAY = "2026-03-10"  # a Tuesday


@pytest.fixture
def filled(register):
    """Of "Sở Mây": 20 days late, due today, in 1, 3 and 6 days, far off, and only a period; of "Sở Gió" 3 days late;
    one of nobody."""
    enter(
        register,
        paper(
            obligation("Lập danh mục <b>hồ chứa</b> & kênh.", before("19/02/2026", "2026-02-19")),
            obligation("Gửi số liệu hôm nay.", deadline("ngày 10/3/2026", "2026-03-10", boundary="on_or_before")),
            obligation("Gửi dự toán.", deadline("ngày 11/3/2026", "2026-03-11", boundary="on_or_before")),
            obligation("Gửi kế hoạch.", deadline("ngày 13/3/2026", "2026-03-13", boundary="on_or_before")),
            obligation("Gửi tổng kết.", deadline("ngày 16/3/2026", "2026-03-16", boundary="on_or_before")),
            obligation("Việc còn xa.", deadline("ngày 30/4/2026", "2026-04-30", boundary="on_or_before")),
            obligation("Kiểm tra đê.", before("08/3/2026", "2026-03-08"), lead=("Sở Gió",)),
            obligation("Việc chưa giao ai.", before("09/3/2026", "2026-03-09"), lead=()),
        ),
    )
    return register


@pytest.fixture
def settings_file(tmp_path, monkeypatch):
    """`settings_file(words)` writes congvan.toml, which holds from then on."""
    path = tmp_path / "congvan.toml"
    monkeypatch.setenv("CONGVAN_SETTINGS", str(path))

    def write(words):
        path.write_text(words, "utf-8")
        return path

    return write


@pytest.fixture(autouse=True)
def no_secrets(monkeypatch):
    for name in ("CONGVAN_SMTP_USER", "CONGVAN_SMTP_PASSWORD", "CONGVAN_WEBHOOK_SECRET"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def hasty(monkeypatch):
    """Pauses and patience as of a hurried office: the same rounds, sooner."""
    monkeypatch.setattr(
        "pipeline.reminding.couriers.bounds_of",
        lambda reminders: Bounds(tries=reminders.tries, pause=0.05, attempt=3.0, whole=60.0),
    )
