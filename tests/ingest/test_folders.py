"""Which files of a folder are documents."""

import os

from pipeline.folders import list_files


def test_files_come_sorted_and_what_is_no_document_is_passed_over(tmp_path):
    for name in ("b.pdf", "a.txt", "~$b.docx", ".DS_Store", ".hidden/x.pdf", "sub/c.html", "d.pdf.part", "Thumbs.db"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text("x")
    listing = list_files([str(tmp_path)])
    assert [os.path.relpath(f, tmp_path) for f in listing.files] == ["a.txt", "b.pdf", "sub/c.html"]
    assert sorted(os.path.basename(f) for f in listing.ignored) == [
        ".DS_Store", ".hidden", "Thumbs.db", "d.pdf.part", "~$b.docx",
    ]  # fmt: skip


def test_a_loop_of_links_ends_and_a_linked_folder_is_read_once(tmp_path):
    (tmp_path / "in" / "deep").mkdir(parents=True)
    (tmp_path / "in" / "deep" / "a.txt").write_text("x")
    (tmp_path / "in" / "deep" / "up").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "self").symlink_to(tmp_path / "in" / "self")
    (tmp_path / "in" / "twin").symlink_to(tmp_path / "in" / "deep")
    files = [os.path.relpath(f, tmp_path) for f in list_files([str(tmp_path / "in")]).files]
    assert files == ["in/deep/a.txt", "in/self"]


def test_a_path_the_user_names_is_taken_whatever_its_name_and_once(tmp_path):
    hidden = tmp_path / ".den.txt"
    hidden.write_text("x")
    listing = list_files([str(hidden), str(hidden), str(tmp_path / "nowhere")])
    assert listing.files == [str(hidden)]
    assert listing.missing == [str(tmp_path / "nowhere")]
