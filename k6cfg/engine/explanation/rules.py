"""Why each rule of ``validate`` exists, with a file that breaks it and the same one as it should be."""

from typing import Final, NamedTuple


class Lesson(NamedTuple):
    """``why`` is a sentence or two; ``wrong`` and ``right`` are whole files, ``None`` where they are no text to show.

    ``version`` is the k6 for which it is wrong, where the newest has no fault to find.
    """

    why: str
    wrong: str | None
    right: str | None
    version: str | None = None


_STRICT: Final = "k6 reads strict JSON; at the first fault it stops, and nothing of the file counts"
_CLOSEST: Final = "It often is a slip of the hand; what was meant can usually be told from what is around it"
_SILENT: Final = "k6 ignores it without a word, so the test runs otherwise than the file says"

GROUPS: Final = {
    "syntax": "What keeps the text from being JSON in UTF-8, and so k6 from reading any of it.",
    "values": "Values of a type or form that k6 does not take, or takes for another.",
    "keys": "Keys that k6 does not know, finds spelled otherwise, or finds twice.",
    "history": "Keys that k6 still reads, but advises against.",
    "intent": "Values that k6 takes without a look, though its authors do not mean them.",
    "checks": "What k6 checks once it has read the file.",
    "remarks": "What k6 takes, but hardly anyone means.",
    "secrets": "Secrets in plain text; they are looked for only where --select names this group or its rule.",
    "migration": "What an older k6 took, and a newer one does not, or takes for something else; k6cfg migrate looks "
    "for it, validate does not.",
}
"""What the rules of a group are about."""

LESSONS: Final = {
    "encoding": Lesson("k6 reads UTF-8. Windows tools like to save UTF-16 or Latin-1.", None, None),
    "byte-order-mark": Lesson(
        "Some Windows editors put it in front; k6 stops at the first character.", '\ufeff{"rps": 5}', '{"rps": 5}'
    ),
    "invalid-utf-8": Lesson("k6 puts a question mark in the place of such a byte, without a word.", None, None),
    "empty-file": Lesson("An empty file is no JSON; a login of k6 that broke off leaves one.", "", "{}"),
    "odd-space": Lesson(
        "Text copied from web pages has spaces that look like others.", '{"rps":\u00a05}', '{"rps": 5}'
    ),
    "comment": Lesson(f"{_STRICT}. Notes go under keys that begin with //.", '{"rps": 5 // low\n}', '{"rps": 5}'),
    "bad-string": Lesson(f"{_STRICT}.", '{"userAgent": "a\\q"}', '{"userAgent": "a\\\\q"}'),
    "unclosed-string": Lesson(f"{_STRICT}.", '{"userAgent": "me\n}', '{"userAgent": "me"\n}'),
    "wrong-quotes": Lesson("JavaScript takes other quotes, JSON does not.", "{'rps': 5}", '{"rps": 5}'),
    "unquoted-key": Lesson("JavaScript takes keys without quotes, JSON does not.", "{rps: 5}", '{"rps": 5}'),
    "bare-value": Lesson("A text needs quotes.", '{"duration": 30s}', '{"duration": "30s"}'),
    "missing-colon": Lesson(f"{_STRICT}.", '{"rps" 5}', '{"rps": 5}'),
    "extra-colon": Lesson(f"{_STRICT}.", '{"rps":: 5}', '{"rps": 5}'),
    "missing-comma": Lesson(f"{_STRICT}.", '{"rps": 5\n"batch": 2}', '{"rps": 5,\n"batch": 2}'),
    "extra-comma": Lesson("JavaScript forgives a comma at the end, JSON does not.", '{"rps": 5,}', '{"rps": 5}'),
    "missing-key": Lesson(f"{_STRICT}.", '{"rps": 5, : 2}', '{"rps": 5, "batch": 2}'),
    "missing-value": Lesson(f"{_STRICT}. null says that nothing is set.", '{"rps": }', '{"rps": null}'),
    "unclosed-bracket": Lesson(f"{_STRICT}.", '{"tags": {"a": "b"}', '{"tags": {"a": "b"}}'),
    "stray-bracket": Lesson(f"{_STRICT}.", '{"rps": 5}}', '{"rps": 5}'),
    "text-after-value": Lesson(f"{_STRICT}.", '{"rps": 5} done', '{"rps": 5}'),
    "too-deep": Lesson("k6 gives up past 10,000 levels.", None, None),
    "unopened-bracket": Lesson(f"{_STRICT}.", '"rps": 5}', '{"rps": 5}'),
    "wrong-bracket": Lesson(f"{_STRICT}.", '{"out": ["json"}}', '{"out": ["json"]}'),
    "stray-character": Lesson(f"{_STRICT}. {_CLOSEST}.", '{"rps": 5 @}', '{"rps": 5}'),
    "stray-quote": Lesson(f"{_STRICT}. {_CLOSEST}.", '{"rps"": 5}', '{"rps": 5}'),
    "inner-quotes": Lesson(
        "A quote inside a text needs a backslash.", '{"userAgent": "my "own" k6"}', '{"userAgent": "my \\"own\\" k6"}'
    ),
    "foreign-literal": Lesson("JSON has true, false and null, in small letters.", '{"throw": True}', '{"throw": true}'),
    "foreign-number": Lesson("JSON has no hexadecimals, no leading zeros and no sign +.", '{"rps": +5}', '{"rps": 5}'),
    "expression": Lesson("JSON computes nothing.", '{"duration": 60 * 1000}', '{"duration": 60000}'),
    "wrapper": Lesson(
        "Options of a script begin with JavaScript; the file is the object alone.",
        'export const options = {"rps": 5};',
        '{"rps": 5}',
    ),
    "other-language": Lesson(
        "k6 reads JSON, though the same could be said in YAML.", "rps: 5\nbatch: 2\n", '{"rps": 5, "batch": 2}'
    ),
    "merge-conflict": Lesson(
        "Git leaves both sides in the file until a person chooses.",
        '{\n<<<<<<< HEAD\n"rps": 5\n=======\n"rps": 6\n>>>>>>> other\n}',
        '{\n"rps": 6\n}',
    ),
    "zeros": Lesson("A power cut in the midst of a write leaves zeros; a backup has the file.", "\0\0\0\0", None),
    "not-a-configuration": Lesson(
        "A web page or a script was saved under the name of the file.",
        "<!DOCTYPE html>\n<title>Not found</title>",
        None,
    ),
    "large-and-broken": Lesson("To find what was meant costs time that grows with the text.", None, None),
    "unclear": Lesson(
        "Where two readings are near, k6cfg does not choose between them.",
        '{"rps": 1 2}',
        '{"rps": 12}',
    ),
    "wrong-type": Lesson(
        "k6 refuses the whole file for one value of another type.", '{"throw": "yes"}', '{"throw": true}'
    ),
    "bad-number": Lesson("k6 counts in whole numbers of 64 bits.", '{"rps": 1.5}', '{"rps": 1}'),
    "bad-duration": Lesson(
        "Units are ns, us, ms, s, m, h and d, without spaces.", '{"setupTimeout": "10 sec"}', '{"setupTimeout": "10s"}'
    ),
    "bad-value": Lesson(
        "k6 checks the text when it reads the file.", '{"dns": {"policy": "ipv4"}}', '{"dns": {"policy": "preferIPv4"}}'
    ),
    "odd-type": Lesson("k6 guesses, other programs that read the file may not.", '{"rps": "5"}', '{"rps": 5}'),
    "unknown-executor": Lesson(
        "The executor says how a scenario is driven; without a known one k6 refuses the whole file.",
        '{"scenarios": {"a": {"vus": 1, "duration": "1s"}}}',
        '{"scenarios": {"a": {"executor": "constant-vus", "vus": 1, "duration": "1s"}}}',
    ),
    "bad-name": Lesson(
        "A key is a pattern here, and k6 checks it.",
        '{"hosts": {"a_b.com": "10.0.0.1"}}',
        '{"hosts": {"a-b.com": "10.0.0.1"}}',
    ),
    "key-case": Lesson("k6 does not mind, editors and other tools do.", '{"RPS": 5}', '{"rps": 5}'),
    "duplicate-key": Lesson(
        "Of two, the last counts; the first misleads whoever reads the file.", '{"rps": 5, "rps": 6}', '{"rps": 6}'
    ),
    "comma-list": Lesson(
        "k6 splits its variables at commas, but not the entries of the file.",
        '{"out": ["json=a.json,csv=b.csv"]}',
        '{"out": ["json=a.json", "csv=b.csv"]}',
    ),
    "unknown-key": Lesson(f"{_SILENT}. It mostly is a slip.", '{"setupTimout": "10s"}', '{"setupTimeout": "10s"}'),
    "removed-key": Lesson(f"{_SILENT}. k6cfg migrate carries such files over.", '{"noThresholds": true}', "{}"),
    "key-of-newer-k6": Lesson(f"{_SILENT}.", '{"handleSummaryTimeout": "10s"}', "{}", "2.1.0"),
    "not-a-file-key": Lesson(f"{_SILENT}. A flag or a variable says it.", '{"summaryMode": "full"}', "{}"),
    "deprecated": Lesson(
        "It works for now, and will not some day.",
        '{"ext": {"loadimpact": {"projectID": 1}}}',
        '{"cloud": {"projectID": 1}}',
        "1.0.0",
    ),
    "not-a-choice": Lesson(f"{_SILENT}.", '{"systemTags": ["uri"]}', '{"systemTags": ["url"]}'),
    "out-of-bounds": Lesson(
        "k6 takes it, and does something that nobody means by it.", '{"maxRedirects": -1}', '{"maxRedirects": 0}'
    ),
    "incomplete": Lesson(
        "Without it the rest does nothing.", '{"vus": 5, "scenarios": {"a": {"executor": "constant-vus"}}}', None
    ),
    "not-intended": Lesson(
        "It is not what k6's authors mean, and may be refused one day.",
        '{"hosts": {"a.com": "b"}}',
        '{"hosts": {"a.com": "10.0.0.1"}}',
    ),
    "execution": Lesson(
        "One file can drive a test in one way only.",
        '{"duration": "1s", "stages": [{"duration": "1s", "target": 1}]}',
        '{"stages": [{"duration": "1s", "target": 1}]}',
    ),
    "scenario": Lesson(
        "Each executor has its own needs; k6 refuses to run without them.",
        '{"scenarios": {"a": {"executor": "constant-vus", "vus": 1}}}',
        '{"scenarios": {"a": {"executor": "constant-vus", "vus": 1, "duration": "1s"}}}',
    ),
    "exec-function": Lesson(
        "k6 refuses to run a function that the script does not export; validate --script-exports default,buy says what"
        " there is.",
        '{"scenarios": {"a": {"executor": "shared-iterations", "exec": "sell"}}}',
        '{"scenarios": {"a": {"executor": "shared-iterations", "exec": "buy"}}}',
    ),
    "segment-in-sequence": Lesson(
        "Each machine runs one of the parts that all machines know.",
        '{"executionSegment": "0:1/4", "executionSegmentSequence": "0,1/2,1"}',
        '{"executionSegment": "0:1/2", "executionSegmentSequence": "0,1/2,1"}',
    ),
    "setup-timeout": Lesson(
        "Since k6 0.54.0 it has to be more than 0.", '{"setupTimeout": "0s"}', '{"setupTimeout": "10s"}'
    ),
    "threshold": Lesson(
        "k6 refuses to start with an expression that it cannot read.",
        '{"thresholds": {"http_req_duration": ["p95<500"]}}',
        '{"thresholds": {"http_req_duration": ["p(95)<500"]}}',
    ),
    "trend-stat": Lesson("k6 refuses to start.", '{"summaryTrendStats": ["p95"]}', '{"summaryTrendStats": ["p(95)"]}'),
    "dns-ttl": Lesson("k6 refuses to start.", '{"dns": {"ttl": "long"}}', '{"dns": {"ttl": "5m"}}'),
    "client-certificate": Lesson(
        "k6 wants the certificate itself as text, no name of a file.",
        '{"tlsAuth": [{"cert": "client.pem", "key": "client.key"}]}',
        None,
    ),
    "empty-tag": Lesson("k6 crashes on a tag without a name.", '{"tags": {"": "x"}}', '{"tags": {"a": "x"}}'),
    "lone-vus": Lesson(
        "Since k6 2.1.0 `vus` alone replaces the scenarios of every script on the machine.",
        '{"vus": 5}',
        '{"vus": 5, "duration": "1m"}',
    ),
    "empty-execution": Lesson("It is there, and drives nothing.", '{"scenarios": {}}', "{}"),
    "unknown-output": Lesson(
        "No test starts with it, unless an extension brings it.", '{"out": ["jsn"]}', '{"out": ["json"]}'
    ),
    "output-argument": Lesson(
        "Each output reads its argument in its own way, and some read none: then the measurements go elsewhere.",
        '{"out": ["csv=file=a.csv"]}',
        '{"out": ["csv=fileName=a.csv"]}',
    ),
    "output-settings": Lesson(
        "k6 replaces all headers of a request, so that the user name and password are not sent.",
        '{"collectors": {"experimental-prometheus-rw": {"username": "me", "headers": {"X-Team": "shop"}}}}',
        '{"collectors": {"experimental-prometheus-rw": {"username": "me"}}}',
    ),
    "placeholder-token": Lesson(
        "k6 replaces nothing: it sends the text as it is, and Grafana Cloud does not accept it.",
        '{"collectors": {"cloud": {"token": "YOUR_API_AUTH_TOKEN"}}}',
        "{}",
    ),
    "reserved-tag": Lesson(
        "k6 gives metrics tags of its own. Where it sets one, a tag of the same name in the file is lost.",
        '{"tags": {"group": "checkout"}}',
        '{"tags": {"flow": "checkout"}}',
    ),
    "browser-option": Lesson(
        "The browser module reads only `type` here; all else is silently ignored. Since k6 0.46.0 the variables "
        "K6_BROWSER_HEADLESS, K6_BROWSER_ARGS and so on configure the browser.",
        '{"scenarios": {"ui": {"executor": "shared-iterations", '
        '"options": {"browser": {"type": "chromium", "headless": false}}}}}',
        '{"scenarios": {"ui": {"executor": "shared-iterations", "options": {"browser": {"type": "chromium"}}}}}',
    ),
    "scenario-env": Lesson(
        "What stands there is for the script, which reads it from `__ENV`. k6 and its browser module read their own "
        "variables from the environment in which k6 was started.",
        '{"scenarios": {"ui": {"executor": "shared-iterations", "env": {"K6_BROWSER_HEADLESS": "false"}}}}',
        '{"scenarios": {"ui": {"executor": "shared-iterations", "env": {"TARGET": "staging"}}}}',
    ),
    "unknown-feature": Lesson(
        "k6 logs an error, and runs without it.", '{"features": ["merge-run-tag"]}', '{"features": ["merge-run-tags"]}'
    ),
    "hardcoded-secret": Lesson(
        "Whoever may read the file, or its history in git, can use it. `k6cfg validate --select secrets` looks for it.",
        None,
        None,
    ),
    "buffer-size": Lesson("k6 crashes on it.", '{"metricSamplesBufferSize": -1}', '{"metricSamplesBufferSize": 1000}'),
}
