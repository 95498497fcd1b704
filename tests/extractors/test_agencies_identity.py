"""Who a printed name means on a day, and who took over."""

import pytest

from extractors.agencies import canonical_name, identify, proper_case, successor

KNOWN = [
    ("Bộ Thông tin và Truyền thông", "2023-03-31", None, "BTTTT"),
    ("Bộ TT&TT", "2023-03", None, "BTTTT"),
    ("bộ thông tin và truyền thông", "2025-04-15", None, "BTTTT"),  # papers keep an old name for a while
    ("Bộ Tài chính", None, None, "BTC"),
    ("Cục Chuyển đổi số quốc gia", "2023", None, "CCDSQG"),
    ("Cục Chuyển đổi số quốc gia", "2025-09-01", None, "CCDSQG2"),
    ("Chủ tịch nước", None, None, "CTN"),
    ("UBND tỉnh Hải Dương", "2023-01-02", None, "UBND_HAIDUONG_OLD"),
    ("Uỷ ban nhân dân tỉnh Hoà Bình", "2023-01-02", None, "UBND_HOABINH_OLD"),
    ("UBND tỉnh Quảng Ngãi", "2026-01-02", None, "UBND_QUANGNGAI"),
    ("UBND tỉnh", "2023-01-02", "tỉnh Sơn La", "UBND_SONLA"),
    ("Chủ tịch UBND TP. Hà Nội", "2023-01-02", None, "UBND_HANOI"),
    ("Sở Tài chính", "2023-01-02", "Quảng Ngãi", "SO_STC@QUANGNGAI_OLD"),
    ("Giám đốc Sở NN&PTNT tỉnh Kon Tum", "2023-01-02", None, "SO_SNNPTNT@KONTUM_OLD"),
    ("Sở Y tế Hà Nội", "2023-01-02", "Sơn La", "SO_SYT@HANOI"),  # what is printed wins
    ("Chánh Thanh tra tỉnh", "2023-01-02", "Sơn La", "SO_TTT@SONLA"),
    ("Công an tỉnh", "2023-01-02", "Sơn La", "CA_TINH@SONLA"),
    ("UBND thành phố Hải Dương", "2023-01-02", "Hải Dương", "UBND_HUYEN@HAIDUONG_OLD/thanh-pho-hai-duong"),
    ("UBND thành phố Sơn La", "2023-01-02", None, "UBND_HUYEN@SONLA/thanh-pho-son-la"),  # the town, not the province
    ("UBND xã Chiềng Mung, tỉnh Sơn La", "2026-01-02", None, "UBND_XA@SONLA/xa-chieng-mung"),
]


@pytest.mark.parametrize(("name", "on", "place", "identity"), KNOWN)
def test_a_name_is_known_as_of_a_day(name, on, place, identity):
    assert identify(name, on, place) == identity


UNSURE = [
    ("các Sở Y tế", "2023-01-02", "Sơn La"),  # a group
    ("UBND các huyện, thị xã", "2023-01-02", "Sơn La"),
    ("Sở Nội vụ", "2023-01-02", None),  # whose?
    ("UBND tỉnh", "2023-01-02", None),
    ("Bộ Thông tin và Truyền thông", "2026-01-02", None),  # gone for a year
    ("Bộ Nông nghiệp và Môi trường", "2022-01-02", None),  # not yet
    ("UBND huyện Mường La", "2026-01-02", "Sơn La"),  # no districts any more
    ("Hợp tác xã Pá Lông", "2023-01-02", "Sơn La"),
    ("", None, None),
]


@pytest.mark.parametrize(("name", "on", "place"), UNSURE)
def test_an_unsure_name_has_no_identity(name, on, place):
    assert identify(name, on, place) is None


@pytest.mark.parametrize(
    ("identity", "on", "heir"),
    [
        ("BKHDT", "2024-12-31", None),
        ("BKHDT", "2025-03-01", "BTC"),
        ("BTC", "2026-01-01", None),
        ("SO_SKHDT@KONTUM_OLD", "2025-08-01", "SO_STC@QUANGNGAI"),
        ("SO_SGTVT@SONLA", "2025-04-01", "SO_SXD@SONLA"),
        ("SO_STTTT@SONLA", "2025-04-01", None),  # split between three
        ("UBND_DONGNAI_OLD", "2025-08-01", "UBND_DONGNAI"),
        ("UBND_DONGNAI_OLD", "2026-06-01", "UBND_DONGNAI_TP"),  # merged, then made a city
        ("UBND_HUYEN@SONLA/huyen-muong-la", "2025-08-01", None),  # a person decides
        ("UBGSTCQG", "2025-08-01", None),  # split between two
        ("KHONGCO", "2025-08-01", None),
    ],
)
def test_open_duties_pass_to_the_body_that_took_over(identity, on, heir):
    assert successor(identity, on) == heir


def test_an_identity_has_a_name_to_show():
    assert canonical_name("BTTTT") == "Bộ Thông tin và Truyền thông"
    assert canonical_name("SO_STC@KONTUM_OLD") == "Sở Tài chính tỉnh Kon Tum"
    assert canonical_name("SO_SYT@HANOI") == "Sở Y tế thành phố Hà Nội"
    assert canonical_name("KHONGCO") is None


def test_every_identity_that_is_given_has_a_name():
    for name, on, place, identity in KNOWN:
        assert canonical_name(identity) or "/" in identity, (name, on, place)


def test_capitals_of_a_letterhead_become_normal_capitals():
    assert proper_case("SỞ KHOA HỌC VÀ CÔNG NGHỆ") == "Sở Khoa học và Công nghệ"
    assert proper_case("ỦY BAN NHÂN DÂN TỈNH HẢI DƯƠNG") == "Ủy ban nhân dân tỉnh Hải Dương"
