"""Little dispatches for tests, in every format that is read. People, bodies and places are invented."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Letter:
    """A công văn of the invented Sở Khoa học Kỹ thuật tỉnh Trường Giang; `stamp` is a line under the letterhead."""

    number: str = "101/SKHKT-VP"
    day: int = 5
    month: int = 3
    year: int = 2023
    subject: str = "rà soát danh mục thiết bị phòng thí nghiệm"
    addressee: str = "Ủy ban nhân dân các huyện"
    stamp: str = ""
    body: list[str] = field(
        default_factory=lambda: [
            "Để có số liệu phục vụ công tác quản lý, Sở Khoa học Kỹ thuật đề nghị Ủy ban nhân dân các huyện:",
            "1. Rà soát danh mục thiết bị phòng thí nghiệm của các trường, gửi Sở trước ngày 20/3/2023.",
            "2. Hoàn thành việc kiểm kê thiết bị trong quý II/2023.",
            "Sở Khoa học Kỹ thuật trân trọng cảm ơn./.",
        ]
    )

    def lines(self) -> list[str]:
        return [
            "ỦY BAN NHÂN DÂN TỈNH TRƯỜNG GIANG",
            "SỞ KHOA HỌC KỸ THUẬT",
            "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
            "Độc lập - Tự do - Hạnh phúc",
            f"Số: {self.number}",
            *([self.stamp] if self.stamp else []),
            f"Trường Giang, ngày {self.day:02} tháng {self.month:02} năm {self.year}",
            f"V/v {self.subject}",
            f"Kính gửi: {self.addressee}",
            *self.body,
            "Nơi nhận:",
            "- Như trên;",
            "- Lưu: VT.",
            "GIÁM ĐỐC",
            "Lý Hoài Thương",
        ]

    def text(self) -> str:
        return "\n\n".join(self.lines()) + "\n"

    def html(self) -> str:
        body = "\n".join(f"<p>{line}</p>" for line in self.lines())
        return f"<!DOCTYPE html><html><head><meta charset='utf-8'></head><body>{body}</body></html>"

    def docx(self) -> bytes:
        import docx

        paper, out = docx.Document(), io.BytesIO()
        for line in self.lines():
            paper.add_paragraph(line)
        paper.save(out)
        return out.getvalue()

    def pdf(self) -> bytes:
        return pdf_of(self.lines())

    def write(self, path: Path) -> Path:
        """The letter as a file, in the format of the path's ending."""
        content = {"txt": self.text, "md": self.text, "html": self.html, "docx": self.docx, "pdf": self.pdf}
        made = content[path.suffix[1:]]()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(made if isinstance(made, bytes) else made.encode())
        return path


def pdf_of(lines: list[str], pages: int = 1, password: str = "") -> bytes:
    """Lines as a PDF with text, the same on each page."""
    from font_source_serif_pro import font_files_ttf
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("Letter", font_files_ttf["SourceSerifPro"]))
    out = io.BytesIO()
    canvas = Canvas(out, encrypt=StandardEncryption(password, canPrint=0) if password else None, invariant=1)
    for _ in range(pages):
        canvas.setFont("Letter", 11)
        for n, line in enumerate(lines):
            canvas.drawString(60, 790 - 20 * n, line[:95])
        canvas.showPage()
    canvas.save()
    return out.getvalue()


NEWS = """Tuần qua, tỉnh Trường Giang khánh thành thư viện khoa học mới

Báo Trường Giang - Sáng nay, đông đảo bạn đọc đã đến dự lễ khánh thành thư viện khoa học của tỉnh. Theo phóng viên,
thư viện có ba tầng, hơn hai vạn đầu sách và một phòng đọc cho thiếu nhi.

Chia sẻ với phóng viên, chị Lý Hoài Thương cho biết chị rất vui vì con mình có chỗ đọc sách vào cuối tuần.
"""
