"""Bodies in running text: the brackets in each sentence are what a careful reader would write down."""

import re
import time

import pytest

from extractors.agencies import find_bodies, read_bodies, split_bodies

MARKED = [
    # one body, its name to its last word
    "Giao [Sở Y tế] chủ trì rà soát trạm cấp nước.",
    "Giao [Sở Văn hóa, Thể thao và Du lịch] khẩn trương lập danh mục.",
    "[Sở Lao động - Thương binh và Xã hội] tổng hợp kết quả.",
    "Yêu cầu [Cục Kiểm soát thủ tục hành chính] theo dõi, đôn đốc.",
    "[Trung tâm Phòng, chống HIV/AIDS] cập nhật số liệu.",
    "Giao [phòng Đào tạo] xếp lịch, [phòng CTHSSV] thông báo lịch.",
    "[Vụ TCCB] chủ trì, phối hợp [Cục CNTT] khẩn trương hoàn thành.",
    "[Trung tâm CNTT&TT] bám sát tiến độ.",
    "Đề nghị [Sở NN&PTNT] cho ý kiến.",
    "[Sở/phòng GDĐT] có trách nhiệm phân công.",
    "[Vụ Pháp chế (Bộ Nội vụ)] thẩm tra dự thảo.",
    "[Ngân hàng Nhà nước Việt Nam - Chi nhánh tỉnh Lạc Sơn] hướng dẫn khách hàng.",
    "[Đảng ủy Công an tỉnh] lãnh đạo thực hiện.",
    "[Thanh tra Sở Nội vụ] lập biên bản.",
    "[Điện lực Lạc Thủy] bảo đảm cấp điện.",
    "[Báo Hải Phòng] tăng tin bài.",
    # territory, level, superior
    "[UBND các huyện, thị xã, thành phố] rà soát.",
    "[Ủy ban nhân dân các tỉnh, thành phố trực thuộc Trung ương] báo cáo.",
    "[UBND cấp huyện, cấp xã] niêm yết công khai.",
    "[Công an tỉnh] phối hợp với [Bộ Chỉ huy Quân sự tỉnh].",
    "[Sở Tư pháp các tỉnh, thành phố] tổng kết.",
    "[UBND các tỉnh Lào Cai, Yên Bái và Hà Giang] thống nhất mốc giới.",
    "[các doanh nghiệp viễn thông trên địa bàn tỉnh] hạ ngầm cáp.",
    "[các cơ quan, đơn vị thuộc Sở Xây dựng] báo cáo.",
    "[Thủ trưởng các Vụ, Cục, đơn vị thuộc Tổng cục Thống kê] chịu trách nhiệm.",
    "Giao [Phòng PA05 - Công an tỉnh] hướng dẫn.",
    "[Chi cục Thuế khu vực Mường Lống - Kỳ Bắc] rà soát.",
    "[Ban Chỉ đạo 138/TP] họp hằng quý.",
    "[Bí thư chi bộ các bản] phổ biến tới hội nghị.",
    "[các phòng, đơn vị trực thuộc Sở] tham mưu.",
    "[Cục Quản lý Khám, chữa bệnh] kiểm tra.",
    # groups
    "[Các sở, ban, ngành], [UBND các huyện] và [các đơn vị có liên quan] nghiêm túc thực hiện.",
    "[Các bộ, cơ quan ngang bộ, cơ quan thuộc Chính phủ], [Bộ Công an] căn cứ Kế hoạch này.",
    "[các tổ chức chính trị - xã hội] giám sát.",
    "phối hợp với [các bộ, ngành, địa phương], [tổ chức đoàn thể], [hội], [hiệp hội] và [doanh nghiệp] kiểm tra",
    "[cơ quan, tổ chức liên quan] cung cấp hồ sơ.",
    "[Các cơ quan thông tấn, báo chí ở trung ương và địa phương] đưa tin.",
    "[các Sở: Tài chính, Kế hoạch và Đầu tư, Tài nguyên và Môi trường] và [các đơn vị liên quan] góp ý.",
    "[các Bộ: Công an, Tài chính] thẩm định.",
    "[Các phòng, ban] và [thôn, tổ dân phố] tuyên truyền.",
    "[ban thường vụ các huyện ủy, thành ủy] chỉ đạo.",
    "[các cơ quan truyền thông, thông tấn, báo chí] đưa tin.",
    # officials
    "[Giám đốc các Sở: Tài chính, Nội vụ]; [Cục trưởng Cục Thuế] thi hành.",
    "[Chủ tịch UBND các huyện, thành phố] chịu trách nhiệm trước [Chủ tịch UBND tỉnh].",
    "[Giám đốc Sở Công Thương]; [Thủ trưởng các cơ quan, đơn vị liên quan] thi hành.",
    "[Chánh Văn phòng], [Chánh Thanh tra], [Vụ trưởng Vụ Pháp chế] chịu trách nhiệm thi hành.",
    "Giao [đồng chí Lường Văn Bôn] theo dõi.",
    "[Hiệu trưởng các trường] công khai khoản thu.",
    "[Trưởng thôn], [Tổ trưởng tổ dân phố] vận động nhân dân.",
    # people and a house of one's own
    "Hàng tuần [mỗi giảng viên] nộp đề cương.",
    "[Văn phòng] tổng hợp, báo cáo [Ban Giám đốc].",
    "[Khoa] gửi danh sách cho [phòng Đào tạo].",
    "Sau đó [Đoàn] tiến hành họp.",
    # a clause that tells which bodies are meant
    "[Các đơn vị thuộc Bộ được giao chủ trì nhiệm vụ] có trách nhiệm trình kế hoạch.",
    "Đối với [các địa phương chưa ban hành Đề án], đề nghị hoàn thành.",
    "Đối với [các bộ, ngành chủ quản nền tảng số] theo Quyết định 15, đề nghị công bố.",
    "[các tổ chức thử nghiệm được chỉ định] thực hiện đúng quy chuẩn.",
    # words that only begin like a body
    "Ban hành quy chế; phòng, chống thiên tai; hội nghị tổng kết; trường hợp chậm; bộ tiêu chí mới.",
    "Trên cơ sở kết quả khảo sát, bảo vệ môi trường, thực hiện nhiệm vụ, phát triển kinh tế - xã hội.",
    "Báo cáo kết quả trước ngày 15/6 bằng văn bản.",
]


@pytest.mark.parametrize("marked", MARKED)
def test_mentions_are_found_with_their_whole_extent(marked):
    text = marked.replace("[", "").replace("]", "")
    assert [m.text for m in find_bodies(text)] == re.findall(r"\[(.*?)\]", marked)


@pytest.mark.parametrize("marked", MARKED)
def test_old_tone_placement_and_long_dashes_change_nothing(marked):
    text = marked.replace("[", "").replace("]", "")
    old = text.replace("Ủy", "Uỷ").replace("óa", "oá").replace(" - ", " – ")
    assert [(m.start, m.end) for m in find_bodies(old)] == [(m.start, m.end) for m in find_bodies(text)]


def test_a_mention_says_where_it_stands():
    text = "Yêu cầu Sở Nội vụ rà soát."
    (mention,) = find_bodies(text)
    assert text[mention.start : mention.end] == mention.text == "Sở Nội vụ"


def test_the_core_leaves_the_narrowing_clause_out():
    text = "Các đơn vị được giao làm chủ đầu tư có trách nhiệm nghiệm thu."
    (mention,) = find_bodies(text)
    assert mention.text == "Các đơn vị được giao làm chủ đầu tư"
    assert text[mention.start : mention.core_end] == "Các đơn vị"


def test_a_heading_in_capitals_gives_the_body_and_not_the_line():
    found = [m.text for m in find_bodies("THÔNG TƯ CỦA BỘ XÂY DỰNG VỀ HƯỚNG DẪN THỰC HIỆN")]
    assert found == ["BỘ XÂY DỰNG"]


LISTS = [
    ("Sở Tài chính, Sở Nội vụ và các đơn vị liên quan", ["Sở Tài chính", "Sở Nội vụ", "các đơn vị liên quan"]),
    ("UBND các huyện, thị xã, thành phố", ["UBND các huyện, thị xã, thành phố"]),
    ("các Bộ: Công an, Tài chính", ["các Bộ: Công an, Tài chính"]),
    ("Sở Y tế, Tài chính", ["Sở Y tế, Tài chính"]),
    ("Hội Nông dân, Hội Cựu chiến binh", ["Hội Nông dân", "Hội Cựu chiến binh"]),
    ("Các sở, ban, ngành; UBND cấp xã.", ["Các sở, ban, ngành", "UBND cấp xã"]),
    ("Sở Văn hóa, Thể thao và Du lịch", ["Sở Văn hóa, Thể thao và Du lịch"]),
    ("Sở TTTT, Sở KHĐT, VP UBND tỉnh", ["Sở TTTT", "Sở KHĐT", "VP UBND tỉnh"]),
    ("Tổ kiểm tra liên ngành trật tự đô thị", ["Tổ kiểm tra liên ngành trật tự đô thị"]),
    ("Viettel; VNPT và MobiFone", ["Viettel", "VNPT", "MobiFone"]),
    ("Quý Sở", ["Quý Sở"]),
    ("", []),
]


@pytest.mark.parametrize(("text", "entries"), LISTS)
def test_lists_are_split_only_where_each_part_is_a_body(text, entries):
    found = split_bodies(text)
    assert [m.text for m in found] == entries
    assert all(text[m.start : m.end] == m.text for m in found)


@pytest.mark.parametrize("text", ["các " * 4000, "UBND tỉnh, " * 2000, "Sở " * 4000, "Bộ A, B và " * 2000, "(" * 20000])
def test_reading_time_grows_with_the_text_and_no_faster(text):
    find_bodies(text[:40])
    began = time.process_time()
    find_bodies(text)
    split_bodies(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize("unit", ["Thủ trưởng ", "Đảng ủy ", "Sở thuộc Sở ", "Chủ tịch các ", "Vụ Pháp chế (Bộ "])
def test_bodies_within_bodies_come_to_an_end(unit):
    assert find_bodies(unit * 2000)


RUNNING = [
    ("Sở Nội vụ; các sở, ngành và UBND cấp xã tuần tra", ["Sở Nội vụ", "các sở, ngành", "UBND cấp xã"]),
    ("Cục Thuế khan trương đối chiếu", ["Cục Thuế"]),
    ("các Bộ, ngành liên quan: Tài chính, Nội vụ hướng dẫn", ["các Bộ, ngành liên quan: Tài chính, Nội vụ"]),
    ("Hội Nông dân, kịp thời vận động", ["Hội Nông dân"]),
    ("nhanh chóng hoàn thành", []),
]


@pytest.mark.parametrize(("text", "entries"), RUNNING)
def test_a_list_in_running_text_ends_with_its_last_body(text, entries):
    assert [m.text for m in read_bodies("phối hợp với " + text, len("phối hợp với "))] == entries


@pytest.mark.parametrize("entry", ["Sở Y tế khẩn trương rà soát", "Vụ Pháp chế khan trương", "Cục CNTT họp bàn"])
def test_what_a_body_has_to_do_is_no_part_of_its_entry(entry):
    (mention,) = split_bodies(entry)
    assert mention.text in {"Sở Y tế", "Vụ Pháp chế", "Cục CNTT"}
