"""k6's small grammars, against what Go's strconv, time, net and math/big say to the same texts."""

import base64
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from keys import EC, ENCRYPTED, OTHER_RSA, PAIRS, RSA, RSA_8, UNSUPPORTED, ec_key, fits, pem, rsa_key, wrapped

from k6cfg.k6 import grammars
from k6cfg.k6.grammars.fuzzy_match import distance
from k6cfg.k6.grammars.javascript import javascript
from k6cfg.k6.grammars.network import network_text, split_port
from k6cfg.schema.versions import NEWEST, Version

SECOND = 10**9
OLD = Version(0, 29, 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("+5", 5),
        ("-0", 0),
        ("007", 7),
        ("9223372036854775807", 2**63 - 1),
        ("-9223372036854775808", -(2**63)),
    ],
)
def test_whole_numbers(text: str, value: int) -> None:
    assert grammars.parse_int(text) == value


@pytest.mark.parametrize(
    "text", ["", " 5", "5 ", "1.0", "1e3", "1_000", "0x10", "٣", "--5", "9223372036854775808", "9" * 9999]
)
def test_what_is_no_whole_number(text: str) -> None:
    assert isinstance(grammars.parse_int(text), str)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1", 1.0),
        (".5", 0.5),
        ("5.", 5.0),
        ("1_000.5e-1", 100.05),
        ("0x1p-2", 0.25),
        ("+Inf", float("inf")),
        ("1e-999", 0.0),
    ],
)
def test_numbers(text: str, value: float) -> None:
    assert grammars.parse_float(text) == value


@pytest.mark.parametrize("text", ["", ".", "1e", "1e400", "0x10", "_1", "1__0", "1_", " 1", "+nan", "infinite", "1,5"])
def test_what_is_no_number(text: str) -> None:
    assert isinstance(grammars.parse_float(text), str)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("30s", 30 * SECOND),
        ("1m30s", 90 * SECOND),
        ("-1.5h", -5400 * SECOND),
        (".5ms", 500_000),
        ("1µs", 1000),
        ("0", 0),
        ("1000", SECOND),
        ("1e3", SECOND),
        ("1_000", SECOND),
        ("1d", 86400 * SECOND),
        ("1d12h", 129600 * SECOND),
        ("-1d2h", -93600 * SECOND),
        ("-0d2h", 7200 * SECOND),
        ("inf", -(2**63)),
        ("NaN", -(2**63)),
        ("1e30", -(2**63)),
    ],
)
def test_durations(text: str, value: int) -> None:
    assert grammars.duration(text, NEWEST) == value


@pytest.mark.parametrize(
    "text",
    ["", "s", "1w", "1.5d", "2h1d", "1d-2h", "10 s", "10S", "10min", "1h 30m", "1m30", "+", ".s", "bad", "1e400s"],
)
def test_what_is_no_duration(text: str) -> None:
    assert isinstance(grammars.duration(text, NEWEST), str)


def test_numbers_were_nanoseconds_and_had_to_be_whole() -> None:
    assert grammars.duration("10", OLD, number=True) == 10
    assert grammars.duration("10", NEWEST, number=True) == 10_000_000
    assert isinstance(grammars.duration("1.5", OLD, number=True), str)
    assert isinstance(grammars.duration("10", OLD), str)
    assert isinstance(grammars.duration("1d", Version(0, 26, 0)), str)


def test_days_wrap_as_64_bits_do() -> None:
    days = 2**63 // (86400 * SECOND) + 1
    assert grammars.duration(f"{days}d", NEWEST) == days * 86400 * SECOND - 2**64


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_a_shown_duration_means_the_same(nanoseconds: int) -> None:
    read = grammars.parse_duration(grammars.show_duration(nanoseconds))
    assert isinstance(read, int)
    assert abs(read - nanoseconds) <= 1


@pytest.mark.parametrize("text", ["inf", "0", "", "5m", "5", "0.5"])
def test_times_to_live(text: str) -> None:
    assert grammars.dns_ttl(text, NEWEST) is None


@pytest.mark.parametrize("text", ["-1", "abc", "5 m", "Inf"])
def test_what_is_no_time_to_live(text: str) -> None:
    assert grammars.dns_ttl(text, NEWEST) is not None


@pytest.mark.parametrize("text", ["10.0.0.0/8", "10.0.0.1/08", "::/0", "::ffff:1.2.3.4/96", "1.2.3.4/32"])
def test_networks(text: str) -> None:
    assert grammars.cidr(text, NEWEST) is None


@pytest.mark.parametrize(
    "text", ["10.0.0.1", "10.0.0.0/33", "::/129", "abc", "1.2.3.4/ 8", "1.2.3.4/-1", "010.0.0.1/8", "fe80::1%eth0/64"]
)
def test_what_is_no_network(text: str) -> None:
    assert grammars.cidr(text, NEWEST) is not None


def test_older_releases_skipped_leading_zeros() -> None:
    assert grammars.cidr("010.0.0.1/8", Version(0, 30, 0)) is None


@pytest.mark.parametrize("text", ["", "*", "*.a.com", "*a.com", "A-b.com", "1.2.3.4", "\u212a.com"])
def test_host_names(text: str) -> None:
    assert grammars.hostname_pattern(text) is None
    assert grammars.host_pattern(text + ":443", NEWEST) is None


@pytest.mark.parametrize(
    "text", ["a.*.com", "*.*", "a b", "https://a.com", "a_b.com", "ünï.com", "[::1]", "a-.com", "a.com.", "a\n"]
)
def test_what_is_no_host_name(text: str) -> None:
    assert grammars.hostname_pattern(text) is not None
    assert grammars.host_pattern(text, NEWEST) is not None
    assert grammars.host_pattern(text, Version(0, 41, 0)) is None


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("1.2.3.4", ("1.2.3.4", None)),
        ("1.2.3.4:80", ("1.2.3.4", "80")),
        ("1.2.3.4:", ("1.2.3.4", "")),
        ("::1", ("::1", None)),
        ("[::1]:80", ("::1", "80")),
        ("[::1]", ("[::1]", None)),
        ("[::1", ("[::1", None)),
        ("[a]b:80", ("[a]b:80", None)),
        ("a]:80", ("a]:80", None)),
    ],
)
def test_ports_are_cut_off_as_go_does(text: str, cut: tuple[str, str | None]) -> None:
    assert split_port(text) == cut


def test_addresses_of_hosts() -> None:
    assert grammars.host_address("nobody", NEWEST) is None
    assert grammars.host_with_address("nobody", NEWEST) is not None
    assert grammars.host_address("1.2.3.4:http", NEWEST) is not None
    assert grammars.host_address("1.2.3.4:", NEWEST) is not None
    assert grammars.host_address("1.2.3.4:", Version(0, 41, 0)) is None
    assert grammars.host_address("nobody", Version(0, 41, 0)) is not None
    assert grammars.host_with_address("[::1]:8080", NEWEST) is None


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("", 0, 1),
        ("1", 0, 1),
        ("1/2", 0, Fraction(1, 2)),
        ("25%:0.5", Fraction(1, 4), Fraction(1, 2)),
        ("+5%", 0, Fraction(1, 20)),
        ("1e-1", 0, Fraction(1, 10)),
        (".5:1.", Fraction(1, 2), 1),
        ("0x1/0b10", 0, Fraction(1, 2)),
        ("010/020", 0, Fraction(1, 2)),
        ("1p-1", 0, Fraction(1, 2)),
        ("0x.8p0", 0, Fraction(1, 2)),
        ("1e0", 0, 1),
        ("1_0e-0_2", 0, Fraction(1, 10)),
        ("0b1e-1", 0, Fraction(1, 10)),
        ("0e9999999:1", 0, 1),
    ],
)
def test_segments(text: str, start: Fraction, end: Fraction) -> None:
    assert grammars.segment(text) == (start, end)


@pytest.mark.parametrize(
    "text",
    [
        "0",
        "-1/2",
        ":1/2",
        "1/2:",
        "1/3:1/3",
        "33.3%",
        "1/2%",
        "2",
        "true",
        " 1",
        "1/0",
        "1/-2",
        "1a",
        "1:2:3",
        "1e9999999999",
        "1e-1000001",
        "1_.5:1",
        "9" * 5000,
    ],
)
def test_what_is_no_segment(text: str) -> None:
    assert isinstance(grammars.segment(text), str)


def test_a_tiny_exponent_takes_no_time() -> None:
    found = grammars.segment("1e-999999")
    assert not isinstance(found, str)
    assert 0 < found.end < Fraction(1, 10**1000)


def test_sequences() -> None:
    found = grammars.sequence("0,1/4,50%,1")
    assert not isinstance(found, str)
    assert [str(each) for each in found] == ["0:1/4", "1/4:1/2", "1/2:1"]
    assert grammars.sequence("") == ()
    for text in ("0", "1/2,0", "0,2", "0, 1/2, 1", "0,0.5,0.5", ","):
        assert isinstance(grammars.sequence(text), str)


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ("p(95)<500", ("p", "<", 500.0)),
        ("  avg  <=  1e3 ", ("avg", "<=", 1000.0)),
        ("rate>=.5", ("rate", ">=", 0.5)),
        ("count===1", ("count", "===", 1.0)),
        ("value!=-1", ("value", "!=", -1.0)),
        ("p<1", ("p", "<", 1.0)),
        ("med<1_000", ("med", "<", 1000.0)),
    ],
)
def test_thresholds(text: str, parsed: tuple[str, str, float]) -> None:
    assert grammars.threshold(text, NEWEST) == parsed


@pytest.mark.parametrize(
    "text",
    [
        "",
        "avg",
        "avg=<1",
        "AVG<1",
        "avg<500ms",
        "p(95<500",
        "p()<1",
        "p95<1",
        "avg!==1",
        "avg>0x10",
        "avg<1 && max<2",
        "p(-1)<1",
    ],
)
def test_what_is_no_threshold(text: str) -> None:
    assert isinstance(grammars.threshold(text, NEWEST), str)


def test_percentiles_were_not_bounded() -> None:
    assert not isinstance(grammars.threshold("p(-1)<1", Version(1, 8, 1)), str)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("http_reqs", ("http_reqs", ())),
        ("a{b:c, d:e:f}", ("a", ("b:c", "d:e:f"))),
        ("a{:c}", ("a", (":c",))),
        ("a{group:::main}", ("a", ("group:::main",))),
        ("", ("", ())),
    ],
)
def test_metric_names(text: str, named: tuple[str, tuple[str, ...]]) -> None:
    assert grammars.metric_name(text) == named


@pytest.mark.parametrize("text", ["a{", "a}", "a{b}", "a{b:}", "a{b:c}d", "}a{", "a{}"])
def test_what_is_no_metric_name(text: str) -> None:
    assert isinstance(grammars.metric_name(text), str)


@pytest.mark.parametrize(
    "text",
    [
        *("avg<1", "p(95)<500 && avg<2", "a?b:c", "f(a, [1, 'x'])[0].in", "!(a || -b)", "a = 1; b", "", "AVG"),
        *(
            "avg=1",
            "a = b += c",
            "a.b = 1",
            "a[0] = 1, b = 2",
            "a++ + --b",
            "\u00a0avg\u2003<\u30001",
            "avg<- -1",
            "f()",
        ),
    ],
)
def test_javascript(text: str) -> None:
    assert javascript(text) is None


@pytest.mark.parametrize(
    "text",
    [
        *("avg=<1", "avg<500ms", "p(95<1", "p(952)0", ")(", "a?b", "in", "1_000", "+00", "a b", "a}", "()"),
        *("p(95)=500", "1=avg", "a+b=c", "true=1", "1++", "avg<--1", "a++b", "rate=>1", "a,,b"),
    ],
)
def test_what_is_no_javascript(text: str) -> None:
    assert javascript(text) is not None


def test_a_key_belongs_to_its_certificate_alone() -> None:
    for shown in PAIRS:
        for kept in PAIRS:
            same = kept in {RSA, RSA_8} if shown in {RSA, RSA_8} else kept == shown
            assert fits((shown[0], kept[1])) is (same and shown != UNSUPPORTED)
    assert grammars.unrelated(RSA[0], ENCRYPTED) is None
    assert grammars.unrelated(RSA[0], OTHER_RSA[1]) == "is not the key of this certificate"
    assert "of the kind EC" in str(grammars.unrelated(RSA[0], EC[1]))


def test_certificates() -> None:
    assert grammars.certificate("text before\n" + "".join(EC)) is None
    for text in ("", "cert.pem", RSA[1], RSA[0].replace("\n", " "), RSA[0][:-9], pem("CERTIFICATE", b"x")):
        assert grammars.certificate(text) is not None
    assert "file name" in str(grammars.certificate("client.pem"))
    assert "Go does not take" in str(grammars.certificate(UNSUPPORTED[0]))


def test_private_keys() -> None:
    assert grammars.private_key(ENCRYPTED, password=True) is None
    for text, password in ((ENCRYPTED, False), (RSA[1], True), (RSA[0], False), (pem("RSA PRIVATE KEY", b"x"), False)):
        assert grammars.private_key(text, password=password) is not None
    twice = wrapped(b"", base64.b64decode("".join(RSA_8[1].splitlines()[1:-1])))
    assert grammars.private_key(twice, password=False) is not None
    assert "PKCS#8" in str(grammars.private_key(pem("ENCRYPTED PRIVATE KEY", b"x"), password=True))
    assert grammars.private_key(pem("EC PRIVATE KEY", ec_key() + b"garbage"), password=False) is None
    assert grammars.private_key(pem("RSA PRIVATE KEY", rsa_key() + b"garbage"), password=False) is not None


@pytest.mark.parametrize(
    ("old", "new", "fine"),
    [
        ("-----BEGIN", "-----BEGIN CERTIFICATE-----\n-----BEGIN", True),
        ("\n", "\r\n", True),
        ("\n", " \t\n", True),
        ("-----BEGIN", " -----BEGIN", False),
        ("-----END", "x-----END", False),
        ("-----END CERTIFICATE-----", "-----END CERTIFICATE----- x", False),
        ("CERTIFICATE-----\n", "CERTIFICATE-----\nA: b\n\n", True),
        ("-----\nMIH", "-----\nM\u00e9H", False),
        ("=", "", False),
        ("-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----", True),
        ("-----END CERTIFICATE-----\n", "-----END CERTIFICATE-----\r", False),
    ],
)
def test_pem_is_read_as_go_reads_it(old: str, new: str, *, fine: bool) -> None:
    text = EC[0].replace(old, new)
    assert text != EC[0]
    assert (grammars.certificate(text) is None) is fine


@given(st.binary(max_size=60), st.integers(0, 300), st.binary(max_size=3))
def test_no_bytes_make_der_fail(data: bytes, at: int, patch: bytes) -> None:
    whole = base64.b64decode("".join(RSA[0].splitlines()[1:-1]))
    for each in (data, whole[:at] + patch + whole[at + len(patch) :], whole[:at]):
        grammars.certificate(pem("CERTIFICATE", each))
        grammars.private_key(pem("PRIVATE KEY", each), password=False)


@given(st.text(max_size=30))
def test_no_text_makes_a_grammar_fail(text: str) -> None:
    for version in (NEWEST, OLD, Version(0, 18, 0)):
        grammars.duration(text, version)
        grammars.threshold(text, version)
        grammars.host_with_address(text, version)
        grammars.cidr(text, version)
        grammars.dns_ttl(text, version)
    grammars.segment(text)
    grammars.sequence(text)
    grammars.metric_name(text)
    javascript(text)
    grammars.trend_stat(text)
    grammars.certificate(text)
    grammars.private_key(text, password=False)
    grammars.parse_float(text)


def test_distance_counts_swaps_as_one() -> None:
    for word in ("stgaes", "stage", "stqges", "xstages"):
        assert distance(word, "stages", 3) == 1
    assert distance("stages", "stages", 0) == 0
    assert distance("", "abc", 9) == 3
    assert distance("abcdef", "ghijkl", 2) == 3


def test_the_nearest_word_is_close_enough() -> None:
    assert grammars.nearest("vsu", ["rps", "vus", "out"]) == "vus"
    assert grammars.nearest("treshold", ["throw", "thresholds"]) == "thresholds"
    assert grammars.nearest("name", ["vus", "out", "dns"]) is None
    assert grammars.nearest("", ["a"]) is None


def test_long_and_odd_texts_are_cut_in_messages() -> None:
    assert grammars.quoted("a" * 100) == '"' + "a" * 39 + '…"'
    assert "\n" not in grammars.quoted("a\nb")


@pytest.mark.parametrize(
    ("address", "taken"),
    [("1.2.3.4", True), ("::1", True), ("1.2.3.4:80", False), ("[::1]:80", False), ("1.2.3.4:99999", False)],
)
def test_a_host_has_no_port_before_0_28(address: str, *, taken: bool) -> None:
    for check in (grammars.host_address, grammars.host_with_address):
        assert (check(address, Version(0, 27, 1)) is None) is taken
        assert check(address.replace(":99999", ":80"), Version(0, 28, 0)) is None


@pytest.mark.parametrize(
    ("address", "mask", "text"),
    [
        ("10.0.0.0", "/wAAAA==", "10.0.0.0/8"),
        ("10.0.0.0", "AAAAAA==", "10.0.0.0/0"),
        ("10.0.0.0", "////////////////AAAAAA==", "10.0.0.0/0"),
        ("10.0.0.0", "//////////////////8AAA==", "10.0.0.0/16"),
        ("::1", "/////////////////////w==", "::1/128"),
        ("::1", "/wAAAA==", None),
        ("10.0.0.0", "/wD/AA==", None),
        ("10.0.0.0", "/w==", None),
        ("10.0.0.0", "no base64", None),
        ("", "/wAAAA==", None),
    ],
)
def test_networks_of_objects(address: str, mask: str, text: str | None) -> None:
    assert network_text(address, mask) == text


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("::00001", (True, True, True, True, False)),
        ("0000001::/64", (True, True, True, True, False)),
        ("::12345", (False, False, False, False, False)),
        ("010.0.0.1", (True, True, False, False, False)),
        ("::ffff:010.0.0.1", (True, True, False, False, False)),
        ("::ffff:10.0.0.1", (True, True, True, True, True)),
    ],
)
def test_zeros_in_addresses_count_since_go_refuses_them(text: str, versions: tuple[bool, ...]) -> None:
    address, _, bits = text.partition("/")
    network = f"{address}/{bits or 8}"
    for version, taken in zip(
        map(Version.parse, ("0.30.0", "0.34.1", "0.35.0", "0.53.0", "0.54.0")), versions, strict=True
    ):
        assert isinstance(grammars.ip_address(address, version), int) is taken
        assert (grammars.cidr(network, version) is None) is taken
