"""How a variable is written, what an empty one does, and what those are for that are no keys of the file."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from k6cfg.k6.effective import FIRST_WINS, HOSTS_BY_VARIABLE_END
from k6cfg.k6.effective.layers import EXECUTION
from k6cfg.schema import Node
from k6cfg.schema.versions import LONE_VUS, SCENARIOS, Version


class Form(NamedTuple):
    """How the value of a variable is written: ``example``, and ``empty``, what an empty text does, as a clause."""

    example: str
    empty: str


_UNSET: Final = "counts as not set"
_EMPTY_LIST: Final = "is an empty list, and counts"

_BY_TYPE: Final = {
    "int": Form("5", _UNSET),
    "float": Form("1.5", _UNSET),
    "bool": Form("true", _UNSET),
    "string": Form("TEXT", _UNSET),
    "duration": Form("30s", _UNSET),
}
_BY_KEY: Final = {
    "stages": Form("30s:10,1m:0", _EMPTY_LIST),
    "dns": Form("ttl=1m,select=first,policy=onlyIPv4", "is refused"),
    "tlsCipherSuites": Form("0xc02f,0x1301", _EMPTY_LIST),
    "tlsAuth": Form("", "takes the certificates away; nothing else can be said with it"),
    "thresholds": Form(
        "http_reqs:", "takes all thresholds away, and any other keeps the names of metrics without a threshold"
    ),
    "blacklistIPs": Form("10.0.0.0/8,192.168.0.0/16", _EMPTY_LIST),
    "blockHostnames": Form("test.k6.io,*.example.com", _UNSET),
    "summaryTrendStats": Form("avg,max,p(95)", _EMPTY_LIST),
    "systemTags": Form("status,method,url", "means no system tags at all"),
    "tags": Form("team:checkout,stage:test", _UNSET),
    "out": Form("json=results.json,csv", _UNSET),
    "localIPs": Form("10.0.0.1-10.0.0.9,10.1.0.0/24", _UNSET),
    "features": Form("native-histograms,freeze-env", "switches off what the file switches on"),
}


_READ_ALIKE: Final = ("collectors.cloud.", "collectors.influxdb.")
"""The outputs of which it is known that they read their variables as k6 reads those of options."""


def form(node: Node) -> Form | None:
    """How the variable of a place is written; ``None`` where nothing is known, or k6 does not read it."""
    found = _BY_KEY.get(node.dotted)
    if found is not None or node.ignored:
        return found
    alike = "." not in node.dotted or node.dotted.startswith(_READ_ALIKE)
    return _BY_TYPE.get(node.type) if alike else None


DRIVERS: Final = ("vus", *EXECUTION)
"""The options that say how a test is driven."""


def drives(key: str, version: Version, others: Iterable[str] = ()) -> str | None:
    """What a variable does to the scenarios of every script, as a sentence; ``None`` where it leaves them alone.

    ``others`` are the keys that other variables set. Source: lib/options.go ``Apply`` since 0.27.0; ``vus`` alone:
    lib/executor/execution_config_shortcuts.go since 2.1.0.
    """
    if key in EXECUTION and version >= SCENARIOS:
        return (
            "k6 drops `scenarios`, `duration`, `iterations` and `stages` of every script, and runs the script by this"
            " variable."
        )
    if key == "vus" and version >= LONE_VUS and not set(EXECUTION) & set(others):
        return "Where a script has scenarios, k6 drops them all, and runs that many iterations instead."
    return None


def order(node: Node, version: Version) -> str:
    """What a variable goes before, as a sentence."""
    if (replaces := drives(node.dotted, version)) is not None:
        return (
            f"It counts more than the file and the script, and less than a flag. {replaces} A variable of your own for"
            f" scripts needs another name, such as PERF_{node.dotted.upper()}."
        )
    if node.dotted == "hosts" and version >= HOSTS_BY_VARIABLE_END:
        return f"k6 does not read it since {HOSTS_BY_VARIABLE_END}: hosts are set in the script or the file."
    if node.dotted == f"collectors.cloud.{FIRST_WINS}":
        return "Here the file goes first: the variable counts only where `collectors.cloud` has no such key."
    if node.ignored:
        return "It counts less than a flag; neither the file nor the script says the same."
    if node.dotted.startswith("collectors.") and not node.dotted.startswith("collectors.cloud."):
        return "It counts more than the file, and less than what stands after `--out NAME=`."
    return "It counts more than the file and the script, and less than a flag."


DOES: Final = {
    "K6_CONFIG": "The path of the config.json, as after -c, which counts more.",
    "K6_ADDRESS": "Where k6's own REST API listens, such as localhost:6565.",
    "K6_LOG_NS_TIMESTAMPS": "Log lines with times in nanoseconds.",
    "K6_NO_COLOR": "Output without colours.",
    "K6_PROFILING_ENABLED": "Go's profiling endpoints beside the REST API.",
    "K6_SECRET_SOURCE*": "Where scripts get secrets from, as after --secret-source.",
    "K6_AUTO_EXTENSION_RESOLUTION": "Whether k6 fetches a k6 with the extensions that a script imports.",
    "K6_BINARY_CACHE": "The folder for the k6 with extensions that was fetched.",
    "K6_BUILD_SERVICE_URL": "The service that builds a k6 with extensions.",
    "K6_DEPENDENCIES_MANIFEST": "Which versions of extensions are wanted.",
    "K6_PROVISION_*": "How the k6 with extensions is fetched.",
    "K6_USAGE_REPORT_URL": "Where the usage report goes.",
    "K6_INSTANCE_SCENARIOS": "Which scenarios use which browser that runs elsewhere; set by the cloud.",
    "K6_JS_*": "Settings of how k6 runs JavaScript.",
    "K6_NEW_MACHINE_READABLE_SUMMARY": "The summary for programs in its new format.",
    "K6_TRACES_OUTPUT": "Where the traces of k6 itself go: none or otel=….",
    "K6_SHOW_CLOUD_LOGS": "Whether `k6 cloud` shows the logs of the test.",
    "K6_EXIT_ON_RUNNING": "Whether `k6 cloud` ends as soon as the test runs.",
    "K6_TYPE": "Whether the test is a script (js) or an archive.",
    "K6_BROWSER_ARGS": "Arguments for the browser.",
    "K6_BROWSER_AUTO_SCREENSHOT": "When the browser takes screenshots by itself.",
    "K6_BROWSER_DEBUG": "All that goes to and from the browser is logged.",
    "K6_BROWSER_EXECUTABLE_PATH": "The browser that is started.",
    "K6_BROWSER_HEADLESS": "Whether the browser runs without a window.",
    "K6_BROWSER_IGNORE_DEFAULT_ARGS": "Arguments of the browser that k6 is not to give.",
    "K6_BROWSER_LOG": "How much the browser module logs.",
    "K6_BROWSER_LOG_CALLER": "Log lines of the browser module say where they come from.",
    "K6_BROWSER_LOG_CATEGORY_FILTER": "Which log lines of the browser module are shown.",
    "K6_BROWSER_SCREENSHOTS_OUTPUT": "Where screenshots go.",
    "K6_BROWSER_TIMEOUT": "How long the browser may take to start.",
    "K6_BROWSER_TRACES_METADATA": "What is added to the traces of the browser module.",
    "K6_BROWSER_WS_URL": "A browser that runs elsewhere.",
    "K6_CLOUD_LOGS_ALLOWED_LABELS": "Which labels the logs that go to the cloud keep.",
    "K6_CLOUD_LOGS_LEVEL": "From which level on logs go to the cloud.",
    "K6_CLOUD_LOGS_LIMIT": "How many log lines go to the cloud at most in one push.",
    "K6_CLOUD_LOGS_MESSAGE_MAX_SIZE": "How long a log line that goes to the cloud may be.",
    "K6_CLOUD_LOGS_PUSH_PERIOD": "How often logs go to the cloud.",
    "K6_CLOUD_LOGS_PUSH_URL": "Where the logs for the cloud go.",
    "K6_CLOUD_METRICS_PUSH_URL": "Where the measurements for the cloud go.",
    "K6_CLOUD_SECRETS_ENDPOINT": "Where the cloud keeps the secrets of scripts.",
    "K6_CLOUD_SECRETS_RESPONSE_PATH": "Where in its answer the secret stands.",
    "K6_CLOUD_SECRETS_TOKEN": "The token for the secrets of scripts. It is a secret.",
    "K6_CLOUD_TEST_RUN_TOKEN": "The token for one run in the cloud, set by the cloud. It is a secret.",
    "K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM": "Trends as native histograms.",
    "K6_WEB_DASHBOARD_EXPORT": "A file for the report of the web dashboard.",
    "K6_WEB_DASHBOARD_HOST": "Where the web dashboard listens.",
    "K6_WEB_DASHBOARD_OPEN": "The web dashboard is opened in a browser.",
    "K6_WEB_DASHBOARD_PERIOD": "How often the web dashboard is brought up to date.",
    "K6_WEB_DASHBOARD_PORT": "The port of the web dashboard.",
    "K6_WEB_DASHBOARD_RECORD": "A file for what the web dashboard shows, to be played again.",
    "K6_WEB_DASHBOARD_TAGS": "Which tags the web dashboard looks at.",
}
"""What the variables of ``KNOWN`` are for. Sources: k6's documentation and its own help."""

FLAGS: Final = {
    "--config": DOES["K6_CONFIG"].replace("as after -c, which counts more", "before K6_CONFIG"),
    "--address": DOES["K6_ADDRESS"],
    "--no-color": DOES["K6_NO_COLOR"],
    "--profiling-enabled": DOES["K6_PROFILING_ENABLED"],
    "--secret-source": "Where scripts get secrets from.",
    "--type": DOES["K6_TYPE"],
    "--verbose": "Debug messages are logged too; no variable says the same.",
    "--quiet": "No progress bars; no variable says the same.",
}
"""What the flags of k6 are for that have nothing to do with the file."""
SHORT_FLAGS: Final = {"-c": "--config", "-a": "--address", "-t": "--type", "-v": "--verbose", "-q": "--quiet"}
