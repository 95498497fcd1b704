"""Letters that answer one another, for tests of chains: invented bodies, places, people and numbers."""

from __future__ import annotations

from dataclasses import dataclass, field

DEPARTMENT = ("ỦY BAN NHÂN DÂN TỈNH TRƯỜNG GIANG", "SỞ THỦY VĂN")
DISTRICT = ("ỦY BAN NHÂN DÂN TỈNH TRƯỜNG GIANG", "ỦY BAN NHÂN DÂN HUYỆN ĐỒI CHÈ")
OTHER = ("ỦY BAN NHÂN DÂN TỈNH TRƯỜNG GIANG", "SỞ LÂM NGHIỆP")

ASKED = (
    "Để chuẩn bị phòng, chống lũ năm 2026, Sở Thủy văn đề nghị Ủy ban nhân dân các huyện thực hiện các nội dung sau:",
    "1. Rà soát các điểm đo mực nước trên địa bàn huyện, lập danh sách điểm đo hư hỏng gửi Sở Thủy văn trước ngày"
    " 20/3/2026.",
    "2. Báo cáo kết quả sửa chữa đê bao xung yếu về Sở Thủy văn trước ngày 15/4/2026.",
)


@dataclass
class Letter:
    """A công văn of Sở Thủy văn tỉnh Trường Giang; `number` may be blank ("/STV-KT"), as may the day be."""

    number: str = "45/STV-KT"
    day: str = "ngày 02 tháng 3 năm 2026"
    subject: str = "rà soát điểm đo mực nước và sửa chữa đê bao"
    body: tuple[str, ...] = ASKED
    to: str = "Ủy ban nhân dân các huyện"
    office: tuple[str, ...] = field(default=DEPARTMENT)
    title: str = "GIÁM ĐỐC"
    place: str = "Trường Giang"

    def text(self) -> str:
        return "\n\n".join(
            [
                *self.office,
                "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
                "Độc lập - Tự do - Hạnh phúc",
                f"Số: {self.number}",
                f"{self.place}, {self.day}",
                f"V/v {self.subject}",
                f"Kính gửi: {self.to}",
                *self.body,
                "Nơi nhận:\n- Như trên;\n- Lưu: VT, KT.",
                self.title,
                "Lý Hoài Thương",
            ]
        )


CITED = "Công văn số 45/STV-KT ngày 02/3/2026 của Sở Thủy văn về việc rà soát điểm đo mực nước và sửa chữa đê bao"
OWN = "Công văn số 45/STV-KT ngày 02/3/2026 về việc rà soát điểm đo mực nước và sửa chữa đê bao"
URGING = Letter(
    "81/STV-KT",
    "ngày 25 tháng 3 năm 2026",
    "đôn đốc rà soát điểm đo mực nước",
    (
        f"Ngày 02/3/2026, Sở Thủy văn đã có {OWN}.",
        "Đến nay, Sở Thủy văn chưa nhận được báo cáo của một số huyện. Sở Thủy văn đề nghị Ủy ban nhân dân các huyện:",
        "1. Rà soát các điểm đo mực nước trên địa bàn huyện, lập danh sách điểm đo hư hỏng gửi Sở Thủy văn trước ngày"
        " 05/4/2026.",
    ),
)
EXTENDING = Letter(
    "90/STV-KT",
    "ngày 10 tháng 4 năm 2026",
    "gia hạn thời gian báo cáo kết quả sửa chữa đê bao",
    (
        f"Sở Thủy văn gia hạn thời gian gửi báo cáo nêu tại mục 2 {OWN} đến hết ngày 30/4/2026.",
        "Đề nghị Ủy ban nhân dân các huyện báo cáo đúng thời gian trên.",
    ),
)
CORRECTING = Letter(
    "47/STV-KT",
    "ngày 04 tháng 3 năm 2026",
    "đính chính Công văn số 45/STV-KT ngày 02/3/2026",
    (
        "Do sơ suất trong khâu soạn thảo, Sở Thủy văn đính chính mục 2 Công văn số 45/STV-KT ngày 02/3/2026 như sau:",
        "2. Báo cáo kết quả sửa chữa đê bao xung yếu về Sở Thủy văn trước ngày 25/4/2026.",
    ),
)
AMENDING = Letter(
    "52/STV-KT",
    "ngày 09 tháng 3 năm 2026",
    "điều chỉnh nội dung Công văn số 45/STV-KT",
    (
        f"Sở Thủy văn điều chỉnh nội dung mục 1 của {OWN} như sau:",
        "1. Rà soát các điểm đo mực nước và đo mưa trên địa bàn huyện, lập danh sách điểm đo hư hỏng gửi Sở Thủy văn"
        " trước ngày 27/3/2026.",
    ),
)
REPLACING = Letter(
    "60/STV-KT",
    "ngày 16 tháng 3 năm 2026",
    "rà soát điểm đo mực nước năm 2026",
    (
        "Sở Thủy văn đề nghị Ủy ban nhân dân các huyện thực hiện các nội dung sau:",
        "1. Rà soát các điểm đo mực nước trên địa bàn huyện, lập danh sách điểm đo hư hỏng gửi Sở Thủy văn trước ngày"
        " 10/4/2026.",
        f"Công văn này thay thế {OWN}.",
    ),
)
ANSWERING = Letter(
    "133/UBND-NN",
    "ngày 19 tháng 3 năm 2026",
    "danh sách điểm đo mực nước hư hỏng trên địa bàn huyện",
    (
        f"Phúc đáp {CITED}, Ủy ban nhân dân huyện Đồi Chè gửi danh sách điểm đo hư hỏng kèm theo.",
        "Ủy ban nhân dân huyện Đồi Chè kính gửi Sở Thủy văn tổng hợp./.",
    ),
    "Sở Thủy văn",
    DISTRICT,
    "CHỦ TỊCH",
)
REPORTING = Letter(
    "171/UBND-NN",
    "ngày 13 tháng 4 năm 2026",
    "kết quả sửa chữa đê bao xung yếu",
    (
        f"Thực hiện {CITED}, Ủy ban nhân dân huyện Đồi Chè báo cáo kết quả như sau:",
        "Toàn huyện đã sửa chữa xong 03 đoạn đê bao với tổng chiều dài 1,2 km.",
    ),
    "Sở Thủy văn",
    DISTRICT,
    "CHỦ TỊCH",
)
CARRYING_OUT = Letter(
    "140/UBND-NN",
    "ngày 21 tháng 3 năm 2026",
    "kiểm tra đê bao trước mùa lũ",
    (
        f"Thực hiện {CITED}, Ủy ban nhân dân huyện Đồi Chè yêu cầu Ủy ban nhân dân các xã:",
        "1. Kiểm tra từng đoạn đê bao trên địa bàn, báo cáo Ủy ban nhân dân huyện trước ngày 01/4/2026.",
    ),
    "Ủy ban nhân dân các xã",
    DISTRICT,
    "CHỦ TỊCH",
)
CONTINUING = Letter(
    "58/STV-KT",
    "ngày 13 tháng 3 năm 2026",
    "cung cấp mẫu danh sách điểm đo",
    (
        f"Tiếp theo {OWN}, Sở Thủy văn gửi mẫu danh sách điểm đo hư hỏng kèm theo.",
        "Đề nghị Ủy ban nhân dân các huyện lập danh sách theo mẫu.",
    ),
)
RELATED = {
    "urges": URGING,
    "extends": EXTENDING,
    "corrects": CORRECTING,
    "amends": AMENDING,
    "replaces": REPLACING,
    "answers": ANSWERING,
    "reports_on": REPORTING,
    "carries_out": CARRYING_OUT,
    "continues": CONTINUING,
}
