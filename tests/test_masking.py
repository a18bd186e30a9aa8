"""Secrets are found by place, by name and by shape; nothing that is shown holds one."""

import gc
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from k6cfg.engine import Selection, check, plan_fixes
from k6cfg.engine.diff import Side, changes, text_diff
from k6cfg.k6.secrets import Mask, may_hold_secret, secret_name, secrets, without_secrets
from k6cfg.k6.secrets.patterns import NAMED_VALUE, SHAPE, may_look_secret, may_name_secret
from k6cfg.schema import load
from k6cfg.text.diagnostics import Edit
from k6cfg.text.parser import parse

PARTS = ["to", "ken", "Pass", "word", "pw", "d", "api", "au", "th", "gl", "c_", "x", "://", "-----BEGIN"]
ODD = ["K\u0131ey", "\u017fecret", "\u212aey"]
LOOKS = ["eyJ" + "a" * 9, "0a" * 16, "Basic abcdef", "-t abcdefg", " PRIVATE KEY-----", '"']
NEARLY = st.lists(st.sampled_from([*" -_.:=?&@/tT", *PARTS, *ODD, *LOOKS]), max_size=8).map("".join)


@given(NEARLY)
def test_a_glance_for_secrets_errs_on_the_side_of_yes(text: str) -> None:
    assert may_look_secret(text) or SHAPE.search(text) is None
    assert may_name_secret(text) or NAMED_VALUE.search(text) is None
    assert may_hold_secret(text, frozenset()) or not secret_name(text)


SCHEMA = load()
CANARY = "CANARY-0123"


def shown(text: str) -> str:
    return Mask(text, secrets(parse(text), SCHEMA)).shown(0, len(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"collectors": {"cloud": {"token": "CANARY-0123"}}}', '{"collectors": {"cloud": {"token": "***"}}}'),
        ('{"COLLECTORS": {"cloud": {"TOKEN": "CANARY-0123"}}}', '{"COLLECTORS": {"cloud": {"TOKEN": "***"}}}'),
        ('{"collectors": {"cloud": {"t\\u006fken": "CANARY-0123"}}}', '{"collectors": {"cloud": {"t\\u006fken": "***"}}}'),
        ('{"collectors": {"cloud": {"token": null}}}', '{"collectors": {"cloud": {"token": null}}}'),
        ('{"collectors": {"cloud": {"token": ["CANARY-0123", 5]}}}', '{"collectors": {"cloud": {"token": ["***", ***]}}}'),
        ('{"tlsAuth": [{"cert": "public", "key": "CANARY-0123"}]}', '{"tlsAuth": [{"cert": "public", "key": "***"}]}'),
        ('{"collectors": {"influxdb": {"password": "CANARY-0123"}}}', '{"collectors": {"influxdb": {"password": "***"}}}'),
        ('{"collectors": {"influxdb": {"addr": "http://me:CANARY-0123@h:1"}}}', '{"collectors": {"influxdb": {"addr": "http://***@h:1"}}}'),
        ('{"collectors": {"experimental-prometheus-rw": {"headers": {"X": "CANARY-0123"}}}}', '{"collectors": {"experimental-prometheus-rw": {"headers": {"X": "***"}}}}'),
        ('{"out": ["x=http://h/?a=1&token=CANARY-0123&b=2"]}', '{"out": ["x=http://h/?a=1&token=***&b=2"]}'),
        ('{"x": "http://h/?token=CANARY-0123&b=2&password=CANARY-0124&c=3"}', '{"x": "http://h/?token=***&b=2&password=***&c=3"}'),
        ('{"x": "http://h/?token=CANARY-0123&CANARY-0124"}', '{"x": "http://h/?token=***"}'),
        ('{"x": "http://h/?a=b password: CANARY-0123&b=2"}', '{"x": "http://h/?a=b password: ***"}'),
        ('{"x": "password=CANARY-0123&b=OTHER"}', '{"x": "password=***"}'),
        ('{"x": "http://h/?token=CANARY-0123&b=2",}', '{"x": "http://h/?token=***",}'),
        ('{"x": "http:/me:CANARY-0123@h:1/p", "y": "http//me:CANARY-0124@h"}', '{"x": "http:/***@h:1/p", "y": "http//***@h"}'),
        ('{"x": "ghcr.io/grafana/k6:0.49.0@sha256:12"}', '{"x": "ghcr.io/grafana/k6:0.49.0@sha256:12"}'),
        ('{"headers": } "CANARY-0123", "vus": 1}', '{"headers": } "***", "vus": 1}'),
        ('{"token": }, "name": "a", "vus": 1}', '{"token": }, "name": "a", "vus": 1}'),
        ('"{\\"headers\\":\\ "X=CANARY-0123\\"}"', '"{\\"headers\\":***"***"***"'),
        ('{"a": "k6 passwordITBPAMroFltz!ZnmuMSGbk26ftb"}', '{"a": "k6 ***"}'),
        ('{"a": "passwordResetConfirmationPage"}', '{"a": "passwordResetConfirmationPage"}'),
        ('{"x": "9d2167f6d68ee99872fab2736425120223993053", "64251202239vus": 1}', '{"x": "***", "***vus": 1}'),
        ('{"scenarios": {"a": {"env": {"API_TOKEN": "CANARY-0123", "HOST": "h"}}}}', '{"scenarios": {"a": {"env": {"API_TOKEN": "***", "HOST": "h"}}}}'),
        ('{"note": "glc_CANARY-0123"}', '{"note": "***"}'),
        ('{"vus": 5, "tags": {"key": "value"}}', '{"vus": 5, "tags": {"key": "value"}}'),
        ('{"collectors": {"cloud": {"token" "CANARY-0123"}}}', '{"collectors": {"cloud": {"token" "***"}}}'),
        ("{collectors: {cloud: {token: CANARY-0123}}}", "{collectors: {cloud: {token: ***}}}"),
        ('{"token: "CANARY-0123"}', '{"token: "***"***'),
        ("token = CANARY-0123\nvus = 1\n", "token = ***\nvus = 1\n"),
        ("K6_CLOUD_TOKEN=CANARY-0123\nK6_VUS=1\n", "K6_CLOUD_TOKEN=***\nK6_VUS=1\n"),
        ("// token: CANARY-0123\n{}", "// token: ***\n{}"),
        ("{token: `CANARY-0123\nCANARY-0123`}", "{token: `***\n***`}"),
        ('{"collectors": {"cloud": {"tokn": "CANARY-0123"}}}', '{"collectors": {"cloud": {"tokn": "***"}}}'),
        ('{"toekn": "CANARY-0123", "pasword": "CANARY-0123"}', '{"toekn": "***", "pasword": "***"}'),
        ('{"to-ken": "CANARY-0123", "to ken": "CANARY-0123"}', '{"to-ken": "***", "to ken": "***"}'),
        ('{"collectors": "CANARY-0123"}', '{"collectors": "***"}'),
        ('{"collectors": {"cloud": "CANARY-0123"}}', '{"collectors": {"cloud": "***"}}'),
        ('"CANARY-0123"', '"***"'),
        ("CANARY-0123\n", "***\n"),
        ('{"token", "CANARY-0123"}', '{"token", "***"}'),
        ('{"token": ab,CANARY-0123}', '{"token": ***,***}'),
        ('{"token": "ab",CANARY-0123"}', '{"token": "***",***"}'),
        ('{"token": "abc\nCANARY-0123"}', '{"token": "***\n***"}'),
        ('{"token": {"CANARY-0123": 1}}', '{"token": {"***": ***}}'),
        ('{"cloud": {"pass": "CANARY-0123", "pwd": "CANARY-0123"}}', '{"cloud": {"pass": "***", "pwd": "***"}}'),
        ('{"scenarios": {"a": {"env": {"PASS": "CANARY-0123"}}}}', '{"scenarios": {"a": {"env": {"PASS": "***"}}}}'),
        ('{"note": "Authorization: Bearer CANARY-0123"}', '{"note": "Authorization: Bearer ***"}'),
        ('{"note": "{\\"token\\":\\"CANARY-0123\\"}"}', '{"note": "***"}'),
        ('{"x": "https:\\/\\/u:CANARY-0123@h"}', '{"x": "***"}'),
        ('{"x": "http://u:p@CANARY-0123@h"}', '{"x": "http://***@h"}'),
        ('{"x": "http://h?auth=CANARY-0123"}', '{"x": "http://h?auth=***"}'),
        ("<token>CANARY-0123</token>", "***"),
        ("# k6 login cloud -t CANARY-0123\n{}", "# k6 login cloud -t ***\n{}"),
        ("curl -u me:CANARY-0123 -d @-\n{}", "curl -u me:*** -d @-\n{}"),
        ("curl --user 'me:CANARY-0123'\n{}", "curl --user 'me:***'\n{}"),
        ('{"vus": 1, // the password is CANARY-0123\n}', '{"vus": 1, // the password is ***\n}'),
        ("[collectors.cloud.token]\nx = 'CANARY-0123'\n[dns]\nttl = 1\n", "[collectors.cloud.token]\nx = '***'\n[dns]\nttl = 1\n"),
        ("[[token]]\nx=1\nCANARY-0123", "[[token]]\nx=***\n***"),
        ("[auth.inner] # note\r\nx = 'CANARY-0123'\r\n", "[auth.inner] # note\r\nx = '***'\r\n"),
        ("cloud:\r\n  token: !!str >- # note\r\n    CANARY-0123\r\n", "cloud:\r\n  token: *** *** # note\r\n    ***\r\n"),
        ("auth:\n  a: 1\n  b: CANARY-0123\nvus: 1\n", "auth:\n  ***\n  ***\nvus: 1\n"),
        ('{"token": "abc"\n  "CANARY-0123"}', '{"token": "***"\n  "***"}'),
        ('{"token": "abc" +\n  "CANARY-0123", "vus": 1}', '{"token": "***" ***\n  "***", "vus": 1}'),
        ("# the password was: CANARY-0123\n{", "# the password was: ***\n{"),
        ("cloud:\n  token: |\n    CANARY-0123\n\n    CANARY-0124\n  name: x\n", "cloud:\n  token: ***\n    ***\n\n    ***\n  name: x\n"),
        ('[a]\n"t\\u006fken" = "CANARY-0123"', '[a]\n"t\\u006fken" = "***"'),
        ('{"thresholds": {"http_req_duration{name:token}": ["p(95)<500"]}}', '{"thresholds": {"http_req_duration{name:token}": ["p(95)<500"]}}'),
        ('{"cloud": "false"}', '{"cloud": "false"}'),
        ('{"collectors": {"cloud": "abcdef"}}', '{"collectors": {"cloud": "***"}}'),
        ('{"x": "TOKEN_glc_CANARY0123"}', '{"x": "TOKEN_***"}'),
        ('{"x": "x_eyJhbGciOiJub25lIn0.CANARY0123"}', '{"x": "x_***"}'),
        ('{"x": "t_0123456789abcdef0123456789abcdefz"}', '{"x": "t_***z"}'),
        ('{"x": 01234567890123456789012345678901}', '{"x": ***}'),
        ('{"cloud": {"x": 91234567890123456789012345678901}}', '{"cloud": {"x": 91234567890123456789012345678901}}'),
        ('{"x": "http://me:pa/ss CANARY-0123@h:80/p"}', '{"x": "http://***@h:80/p"}'),
        ('{"x": "http://h:80/p?mail=a"}', '{"x": "http://h:80/p?mail=a"}'),
        ('{"out": ["kafka=brokers=b,password=CANARY-0123,topic=t"]}', '{"out": ["kafka=brokers=b,password=***"]}'),
        ('{"hosts": {"auth.example.com": "1.2.3.4"}}', '{"hosts": {"auth.example.com": "1.2.3.4"}}'),
        ('{"a": "token refresh", "vus": 5}', '{"a": "token refresh", "vus": 5}'),
        ('{"x": "http://me:CANARY-0123/p"}', '{"x": "http://me:***/p"}'),
        ('{"x": "http://h:8086/p", "y": "http://h:${PORT}/p"}', '{"x": "http://h:8086/p", "y": "http://h:${PORT}/p"}'),
        ('{"tlsAtuh": [{"cert": "c", "key": "CANARY-0123"}]}', '{"tlsAtuh": [{"cert": "c", "key": "***"}]}'),
        ('{"headers": {"X": "CANARY-0123", "Y": "CANARY-0124"},}', '{"headers": {"***": "***", "***": "***"},}'),
        ('{"vus": 1, // "headers": "X=CANARY-0123"\n}', '{"vus": 1, // "headers": "***"\n}'),
        ('{"vus": 1\n// "headers": {\n//   "X": "CANARY-0123"\n// }\n}', '{"vus": 1\n// "headers": {\n***\n***}\n}'),
        ('{"x": "{\\"headers\\": {\\"X\\": \\"CANARY-0123\\"}}"}', '{"x": "***"}'),
        ("K6_OTEL_headers=X=CANARY-0123\nK6_VUS=1\n", "K6_OTEL_headers=***\nK6_VUS=1\n"),
        ("// &quot;token&quot;: &quot;CANARY-0123\n{}", "// &quot;token&quot;: ***\n{}"),
        ('// "token": ""CANARY-0123"\n{}', '// "token": ""***"\n{}'),
        ('// "token"0: "CANARY-0123"\n{}', '// "token"0: "***"\n{}'),
        ('{"token": ""CANARY-0123"}', '{"token": ""***"***'),
        ("{'x': 'f4K9sQ2mZ7xW1bT6', 'vus' 1}", "{'x': '***', 'vus' 1}"),
        ("{'token' } 'f4K9sQ2mZ7xW1bT6'}", "{'token' } '***'}"),
        ("tokenf4K9sQ2mZ7xW1bT6\n", "***\n"),
        ('{"a": "tokenf4K9sQ2mZ7xW1bT6"}', '{"a": "***"}'),
        ("{'x': '-----BEGIN CERTIFICATE-----\\nf4K9sQ2mZ7xW1bT6f4K9s\\n-----END CERTIFICATE-----', 'y' 'b7Rt2Yw9Lp4Xc8Vd'}", "{'x': '-----BEGIN CERTIFICATE-----\\nf4K9sQ2mZ7xW1bT6f4K9s\\n-----END CERTIFICATE-----', 'y' '***'}"),
        ('{"a": "f4K9sQ2mZ7xW1bT6"}', '{"a": "f4K9sQ2mZ7xW1bT6"}'),
        ("{'handleSummaryTimeout': 1, 'checkoutFlowWithCart2': TLS_RSA_WITH_AES_128_CBC_SHA}",) * 2,
        ('{"token": "CANARY012345", "x": "of NARY0123 and", "vus": 1}', '{"token": "***", "x": "of *** and", "vus": 1}'),
    ],
)  # fmt: skip
def test_masked(text: str, expected: str) -> None:
    assert shown(text) == expected


@given(
    st.sampled_from(["token", "Token", "password", "bearerToken", "apiKey"]),
    st.sampled_from(['{"K": "V"}', '{"K" "V"}', "{'K': 'V'}", "{K: V}", '{"K: "V"}', '{"K": "V', "K: V", "K=V\n", '"K"="V",', "// K: V", "{“K”: “V”}"]),
    st.text(alphabet="{}[],: \n\t\"'x", max_size=5),
    st.text(alphabet="{}[],: \n\tx", max_size=5),
)  # fmt: skip
def test_no_secret_behind_its_name_whatever_the_text(key: str, shape: str, before: str, after: str) -> None:
    text = before + shape.replace("K", key).replace("V", CANARY) + after
    if before.count('"') % 2 or before.count("'") % 2:
        return  # then key and value are both inside something else
    assert CANARY not in shown(text)


def mask_of(text: str) -> Mask:
    return Mask(text, secrets(parse(text), SCHEMA))


@pytest.mark.parametrize(
    ("text", "words", "expected"),
    [
        ('{"token": "CANARY-0123"}', 'no duration: "CANARY-0123"', 'no duration: "***"'),
        ('{"token": "CANARY-0123-and-more"}', 'no duration: "CANARY-0123-a…"', 'no duration: "***"'),
        ('{"token": "X"}', 'no duration: "X", eXactly', 'no duration: "***", eXactly'),
        ('{"vus": 1}', "glc_CANARY-0123 stands here", "*** stands here"),
    ],
)
def test_messages_tell_no_secret(text: str, words: str, expected: str) -> None:
    assert mask_of(text).told(words) == expected


@pytest.mark.parametrize(
    ("pointer", "expected"),
    [
        ("/a/http:~1~1me:CANARY-0123@h~11", "/a/http:~1~1***@h~11"),
        ("/collectors/CANARY-0123", "/collectors/***"),
        ("/a~0b/c~1d/0", "/a~0b/c~1d/0"),
    ],
)
def test_pointers_tell_no_secret(pointer: str, expected: str) -> None:
    assert mask_of('{"token": "CANARY-0123"}').told_pointer(pointer) == expected


def test_edits_that_hold_a_secret_are_known() -> None:
    mask = mask_of("{'token': 'CANARY-0123', password: 77_812_349, 'vus': 5}")
    assert mask.holds_secret([Edit(10, 23, '"CANARY-0123"')])
    assert mask.holds_secret([Edit(35, 45, "77812349")]), "the same secret in another spelling"
    assert mask.holds_secret([Edit(0, 0, '"CANARY-0123"')]), "a secret on its way elsewhere"
    assert not mask.holds_secret([Edit(10, 11, '"')])
    assert not mask.holds_secret([Edit(45, 45, ","), Edit(47, 52, '"vus"')])


def test_short_secrets_do_not_hide_everything() -> None:
    assert not mask_of('{"password": 5, "vus": "5"}').holds_secret([Edit(23, 26, "5")])


def test_names() -> None:
    assert all(map(secret_name, ["token", "API_KEY", "X-Api-Key", "Authorization", "dbPassword"]))
    assert not any(map(secret_name, ["vus", "keyframes", "duration", "tags"]))


def test_single_values() -> None:
    assert without_secrets("http://me:CANARY-0123@h") == "http://***@h"


@pytest.mark.parametrize(
    "piece",
    [
        "token ",
        "token",
        'token"',
        "token:",
        "eyJ-",
        "?token=",
        "://",
        '"token" ',
        "glc_ ",
        "-u a",
        "token is ",
        "\n[token]\nx=1",
        "\ntoken: |\n  x",
        "\ntoken=x",
        "\nexport K6_TOKEN = x y",
        "\n- a.token.",
        "\n" + "a." * 40 + "token",
        "token<<A\n",
        '"token": <<EOF\nx\n',
        "token <<-'E'\nx\nE\n",
        "aB3dE6gH9jK2",
        "aB3dE6gH9jK2 ",
        "glc_aB3dE6gH9jK2 aB3dE6g ",
        "headers: {",
        '// "headers": {\n',
        '"headers": {\n// }\n',
        "http://u:",
        "http://u:abcdef ",
        '\\"token\\": ',
        "&quot;token&quot;:",
    ],
)
def test_time_is_linear(piece: str) -> None:
    def cost(count: int) -> float:
        text = '{"' + piece * (count * 6 // len(piece))
        document = parse(text)
        gc.disable()  # it would walk over whatever else the process holds
        start = time.process_time()
        secrets(document, SCHEMA)
        spent = time.process_time() - start
        gc.enable()
        return spent

    cost(10)
    small = min(cost(1_000) for _ in range(2))
    assert min(cost(8_000) for _ in range(2)) < 30 * small + 0.2


# -- diffs ------------------------------------------------------------------------------------------------------------


def side(text: str) -> Side:
    return Side(text, secrets(parse(text), SCHEMA))


@pytest.mark.parametrize(
    "text",
    [
        r'{"api\_key": "CANARY-0123"}',
        r'{"t\x6fken": "CANARY-0123"}',
        r'{"t\u{6f}ken": "CANARY-0123"}',
        '{"_t": "login --token CANARY-0123",}',
        "{&quot;t&#111;ken&quot;: &quot;CANARY-0123&quot;}",
        'const t = "CANARY-0123";\nexport const options = { collectors: { cloud: { token: t } }, vus: 1 };',
    ],
)
def test_what_only_the_mended_text_tells_is_masked_before_too(text: str) -> None:
    checked = check(text.encode(), SCHEMA)
    assert checked.repairable
    assert "CANARY" not in Mask(text, checked.secrets).shown(0, len(text))
    fixed = plan_fixes(checked, Selection(), unsafe=True).final
    assert fixed.document.text != text
    # A side that was looked at alone knows less; the other one tells.
    for before in (Side(text, secrets(parse(text), SCHEMA)), Side(text, checked.secrets)):
        assert "CANARY" not in text_diff(before, Side(fixed.document.text, fixed.secrets), "f")


def test_diff_tells_changed_secrets_apart_and_shows_none() -> None:
    before = '{\n  "token": "CANARY-1",\n  "password": "CANARY-2",\n  "vus": 1\n}\n'
    after = before.replace("CANARY-1", "CANARY-3").replace('"vus": 1', '"vus": 2')
    assert text_diff(side(before), side(after), "f") == (
        "--- f (before)\n"
        "+++ f (after)\n"
        "@@ -1,5 +1,5 @@\n"
        " {\n"
        '-  "token": "*** (before)",\n'
        '+  "token": "*** (after)",\n'
        '   "password": "***",\n'
        '-  "vus": 1\n'
        '+  "vus": 2\n'
        " }\n"
    )


def test_diff_of_equal_texts_is_empty() -> None:
    assert not text_diff(side("{}"), side("{}"), "f")


def test_diff_says_where_the_last_line_has_no_end() -> None:
    assert "\\ No newline at end of file\n" in text_diff(side("{}"), side("{}\n"), "f")


def test_changes_by_pointer() -> None:
    found = changes({"a": 1, "b/c": [1, 2], "d": "x"}, {"a": 1.5, "b/c": [1], "e": {}})
    assert [(change.pointer, change.kind) for change in found] == [
        ("/a", "changed"),
        ("/b~1c/1", "removed"),
        ("/d", "removed"),
        ("/e", "added"),
    ]


def test_diff_of_swapped_secrets_is_a_diff() -> None:
    one = '{"token": "CANARY-1",\n"password": "CANARY-2"}\n'
    other = '{"token": "CANARY-2",\n"password": "CANARY-1"}\n'
    found = text_diff(side(one), side(other), "f")
    assert "CANARY" not in found
    assert '-{"token": "*** (before)",\n' in found
    assert '+{"token": "*** (after)",\n' in found


def test_diff_labels_only_what_changed() -> None:
    found = text_diff(side('{"token": "CANARY-1"}\n'), side('{"token": "CANARY-1", "vus": 5}\n'), "f")
    assert '+{"token": "***", "vus": 5}\n' in found


def test_diff_acts_on_no_terminal() -> None:
    found = text_diff(side("{}\n"), side('{"a": "\x1b[2J\u202e\x00"}\t\n'), "f")
    assert '+{"a": "\\x1b[2J\\u202e\\x00"}\t\n' in found


def test_headers_in_a_comment_that_is_cut_off_stay_hidden() -> None:
    text = '{\n// "headers": {\n//   "Authorization": "Bearer CANARY-0123"\n'
    assert "CANARY-0123" not in Mask(text, secrets(parse(text), load())).shown(0, len(text))
