"""Why each migration exists, with a file of old and the same one as it is now."""

from typing import Final

from k6cfg.engine.explanation.rules import Lesson

LESSONS: Final = {
    "numeric-durations": Lesson(
        "A bare number was nanoseconds before k6 0.30.0 and is milliseconds since: an old ten seconds would be months.",
        '{"setupTimeout": 10000000000}',
        '{"setupTimeout": "10s"}',
        "0.29.0",
    ),
    "out-list": Lesson(
        "Before k6 0.21.0 there was one output; a text there makes k6 refuse the whole file now.",
        '{"out": "json"}',
        '{"out": ["json"]}',
        "0.20.0",
    ),
    "deprecated-token": Lesson(
        "k6 before 0.21.0 wrote it beside `token`, mostly empty; nothing reads it since.",
        '{"collectors": {"cloud": {"DeprecatedToken": "..."}}}',
        '{"collectors": {"cloud": {"token": "..."}}}',
        "0.20.0",
    ),
    "renamed-key": Lesson(
        "k6 ignores the old name without a word.",
        '{"collectors": {"cloud": {"project_id": 1}}}',
        '{"collectors": {"cloud": {"projectID": 1}}}',
        "0.20.0",
    ),
    "network-texts": Lesson(
        "The login of k6 0.25.0 to 0.33.0 wrote networks as objects, which no k6 since 0.25.0 reads.",
        '{"blacklistIPs": [{"IP": "10.0.0.0", "Mask": "/wAAAA=="}]}',
        '{"blacklistIPs": ["10.0.0.0/8"]}',
        "0.24.0",
    ),
    "old-cloud-servers": Lesson(
        "k6 wrote its defaults of the time into the file; since k6 0.26.1 the servers are others.",
        '{"collectors": {"cloud": {"host": "https://ingest.loadimpact.com"}}}',
        '{"collectors": {"cloud": {}}}',
        "0.26.0",
    ),
    "execution": Lesson(
        "`execution` was never finished; `scenarios` took its place with k6 0.27.0, and executors have other names.",
        '{"execution": {"a": {"type": "constant-looping-vus", "vus": 1, "duration": "1m"}}}',
        '{"scenarios": {"a": {"executor": "constant-vus", "vus": 1, "duration": "1m"}}}',
        "0.26.0",
    ),
    "ssl-3": Lesson(
        "SSL 3.0 is broken, and k6 dropped it with 0.32.0: it refuses the whole file for that one word.",
        '{"tlsVersion": {"min": "ssl3.0", "max": "tls1.2"}}',
        '{"tlsVersion": {"min": "", "max": "tls1.2"}}',
        "0.31.0",
    ),
    "gone-output": Lesson(
        "No test starts with an output that k6 does not have. What takes its place is for you to choose.",
        '{"out": ["statsd"]}',
        '{"out": ["opentelemetry"]}',
        "0.54.0",
    ),
    "metadata-tags": Lesson(
        "Since k6 0.41.0 a threshold on `vu` or `iter` matches nothing. Which tag it should ask for only you know.",
        '{"systemTags": ["vu"], "thresholds": {"http_reqs{vu:1}": ["count>1"]}}',
        '{"thresholds": {"http_reqs{user:first}": ["count>1"]}}',
        "0.40.0",
    ),
    "ext-loadimpact": Lesson(
        "k6 0.50.0 moved these settings to `cloud`, and k6 2.0.0 ignores the old place without a word.",
        '{"ext": {"loadimpact": {"projectID": 1}}}',
        '{"cloud": {"projectID": 1}}',
        "1.8.1",
    ),
    "setup-timeout": Lesson(
        "Since k6 0.54.0 it has to be more than 0; without it the default of 60s holds.",
        '{"rps": 5, "setupTimeout": "0s"}',
        '{"rps": 5}',
        "0.53.0",
    ),
    "opentelemetry": Lesson(
        "The output lost its `experimental-` with k6 1.4.0, and `exporterType` is `exporterProtocol`.",
        '{"out": ["experimental-opentelemetry"],'
        ' "collectors": {"experimental-opentelemetry": {"exporterType": "http"}}}',
        '{"out": ["opentelemetry"], "collectors": {"opentelemetry": {"exporterProtocol": "http/protobuf"}}}',
        "1.3.0",
    ),
    "externally-controlled": Lesson(
        "k6 2.0.0 dropped the executor, and refuses the whole file for it. Nothing does the same; you choose what comes"
        " near.",
        '{"scenarios": {"a": {"executor": "externally-controlled", "vus": 1, "maxVUs": 5, "duration": "1m"}}}',
        '{"scenarios": {"a": {"executor": "constant-vus", "vus": 1, "duration": "1m"}}}',
        "1.8.1",
    ),
    "cloud-stack": Lesson(
        "The cloud commands of k6 2 want a stack beside the token. Which one only its owner knows.",
        '{"collectors": {"cloud": {"token": "..."}}}',
        '{"collectors": {"cloud": {"token": "...", "stackID": 1}}}',
        "1.8.1",
    ),
    "lone-vus": Lesson(
        "Before k6 2.1.0 a lone `vus` applies only to scripts that set `duration`, `iterations` or `stages`; since then"
        " it also replaces the scenarios of every script. Without it, those scripts run with 1 virtual user: set it in"
        " them first.",
        '{"vus": 5}',
        "{}",
        "2.0.0",
    ),
    "removed-key": Lesson(
        "k6 passes over it without a word. Where a flag or a variable took its place, migrate says which.",
        '{"rps": 5, "noSummary": true}',
        '{"rps": 5}',
        "0.29.0",
    ),
    "changed-meaning": Lesson(
        "k6 still accepts the file and does something else: a key that the earlier version ignored is applied now, a"
        " value is read differently, or the default of an option that the file does not set is another one, such as"
        " `setupTimeout`, 10s before k6 0.27.0 and 60s since. `migrate --from` compares both versions.",
        '{"handleSummaryTimeout": "1s"}',
        "{}",
        "2.1.0",
    ),
}
"""By migration; what ``migrate`` leaves to a person is answered here in one way of several."""
