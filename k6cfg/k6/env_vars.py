"""The variables that are no keys of config.json: what k6 reads besides, what it read once, what it never read.

``since`` and ``until`` (the first release without it) are given where they are known; of variables whose text k6
checks, ``since`` stands in the schema, with what k6 accepts. Sources: k6's own source at
2.2.0 (``cmd/state``, ``internal/cmd/runtime_options.go``, the cloud and browser modules), its release notes, and the
histories of the keys.
"""

from typing import Final, NamedTuple

from k6cfg.schema.versions import Version


class Known(NamedTuple):
    """A variable that k6 reads. ``name`` may end in ``*``: anything may follow there."""

    name: str
    since: Version | None = None


class Obsolete(NamedTuple):
    """A variable that k6 read before ``until`` (None: never, people only think so).

    ``instead`` is the variable that took its place, if one did; ``advice`` what to do, as a sentence.
    """

    name: str
    until: Version | None
    instead: str | None
    advice: str


KNOWN: Final = (
    # For every command.
    Known("K6_CONFIG", Version(0, 19)),
    Known("K6_ADDRESS"),
    Known("K6_LOG_FORMAT"),
    Known("K6_LOG_OUTPUT"),
    Known("K6_LOG_NS_TIMESTAMPS"),
    Known("K6_NO_COLOR"),
    Known("K6_PROFILING_ENABLED"),
    Known("K6_SECRET_SOURCE*"),
    Known("K6_AUTO_EXTENSION_RESOLUTION"),
    Known("K6_BINARY_CACHE"),
    Known("K6_BUILD_SERVICE_URL"),
    Known("K6_DEPENDENCIES_MANIFEST"),
    Known("K6_PROVISION_*"),
    Known("K6_USAGE_REPORT_URL"),
    # For a run.
    Known("K6_COMPATIBILITY_MODE"),
    Known("K6_CONSOLE_OUTPUT"),
    Known("K6_EXIT_ON_RUNNING"),
    Known("K6_INCLUDE_SYSTEM_ENV_VARS"),
    Known("K6_INSTANCE_SCENARIOS"),
    Known("K6_JS_*"),
    Known("K6_LOCAL_IPS"),
    Known("K6_NEW_MACHINE_READABLE_SUMMARY"),
    Known("K6_NO_THRESHOLDS"),
    Known("K6_SHOW_CLOUD_LOGS"),
    Known("K6_SUMMARY_EXPORT"),
    Known("K6_SUMMARY_MODE"),
    Known("K6_TRACES_OUTPUT"),
    Known("K6_TYPE"),
    Known("K6_FEATURES", Version(2, 1)),
    # Of outputs and modules, without a key in the file.
    Known("K6_BROWSER_ARGS"),
    Known("K6_BROWSER_AUTO_SCREENSHOT"),
    Known("K6_BROWSER_DEBUG"),
    Known("K6_BROWSER_EXECUTABLE_PATH"),
    Known("K6_BROWSER_HEADLESS"),
    Known("K6_BROWSER_IGNORE_DEFAULT_ARGS"),
    Known("K6_BROWSER_LOG"),
    Known("K6_BROWSER_LOG_CALLER"),
    Known("K6_BROWSER_LOG_CATEGORY_FILTER"),
    Known("K6_BROWSER_SCREENSHOTS_OUTPUT"),
    Known("K6_BROWSER_TIMEOUT"),
    Known("K6_BROWSER_TRACES_METADATA"),
    Known("K6_BROWSER_WS_URL"),
    Known("K6_CLOUD_LOGS_ALLOWED_LABELS"),
    Known("K6_CLOUD_LOGS_LEVEL"),
    Known("K6_CLOUD_LOGS_LIMIT"),
    Known("K6_CLOUD_LOGS_MESSAGE_MAX_SIZE"),
    Known("K6_CLOUD_LOGS_PUSH_PERIOD"),
    Known("K6_CLOUD_LOGS_PUSH_URL"),
    Known("K6_CLOUD_LOGS_TAIL_URL"),
    Known("K6_CLOUD_METRICS_PUSH_URL"),
    Known("K6_CLOUD_SECRETS_ENDPOINT"),
    Known("K6_CLOUD_SECRETS_RESPONSE_PATH"),
    Known("K6_CLOUD_SECRETS_TOKEN"),
    Known("K6_CLOUD_TEST_RUN_TOKEN"),
    Known("K6_PROMETHEUS_RW_HEADERS_*", Version(0, 42)),
    Known("K6_PROMETHEUS_RW_HTTP_HEADERS", Version(0, 42)),
    Known("K6_PROMETHEUS_RW_TREND_AS_NATIVE_HISTOGRAM", Version(0, 42)),
    Known("K6_WEB_DASHBOARD", Version(0, 49)),
    Known("K6_WEB_DASHBOARD_EXPORT", Version(0, 49)),
    Known("K6_WEB_DASHBOARD_HOST", Version(0, 49)),
    Known("K6_WEB_DASHBOARD_OPEN", Version(0, 49)),
    Known("K6_WEB_DASHBOARD_PERIOD"),
    Known("K6_WEB_DASHBOARD_PORT"),
    Known("K6_WEB_DASHBOARD_RECORD", Version(0, 49)),
    Known("K6_WEB_DASHBOARD_TAGS", Version(0, 49)),
)

_DROPPED: Final = "k6 dropped that output; only an extension may still read it."
_V1_OUTPUT: Final = "It belonged to the cloud output of old; unset it."

OBSOLETE: Final = (
    Obsolete("K6CLOUD_TOKEN", Version(0, 34), "K6_CLOUD_TOKEN", "Set K6_CLOUD_TOKEN instead."),
    Obsolete("NO_SETUP", Version(0, 35), "K6_NO_SETUP", "If it was meant for k6, set K6_NO_SETUP instead."),
    Obsolete("NO_TEARDOWN", Version(0, 35), "K6_NO_TEARDOWN", "If it was meant for k6, set K6_NO_TEARDOWN instead."),
    Obsolete("K6_TLS_VERSION", Version(0, 28), None, "Set tlsVersion in the script or in config.json instead."),
    Obsolete("K6_VUS_MAX", Version(0, 27), None, "Set maxVUs in a scenario instead."),
    Obsolete("K6_NO_SUMMARY", Version(2, 0), "K6_SUMMARY_MODE", "Set K6_SUMMARY_MODE=disabled instead."),
    Obsolete("K6_CLOUD_UPLOAD_ONLY", Version(2, 0), None, "Run `k6 cloud upload` instead."),
    Obsolete("K6_BINARY_PROVISIONING", Version(1, 2), "K6_AUTO_EXTENSION_RESOLUTION", "It was renamed."),
    Obsolete("K6_BROWSER_ENABLED", Version(0, 46), None, "Browser tests run without it now; unset it."),
    Obsolete(
        "K6_OTEL_EXPORTER_TYPE", Version(2, 0), "K6_OTEL_EXPORTER_PROTOCOL", "Set K6_OTEL_EXPORTER_PROTOCOL instead."
    ),
    Obsolete("K6_OTEL_SINGLE_COUNTER_FOR_RATE", Version(2, 0), None, "It was a stopgap; unset it."),
    Obsolete("K6_CLOUD_AGGREGATION_CALC_INTERVAL", Version(0, 50), None, _V1_OUTPUT),
    Obsolete("K6_CLOUD_AGGREGATION_MIN_SAMPLES", Version(0, 50), None, _V1_OUTPUT),
    Obsolete("K6_CLOUD_AGGREGATION_OUTLIER_*", Version(0, 50), None, _V1_OUTPUT),
    Obsolete("K6_CLOUD_AGGREGATION_SKIP_OUTLIER_DETECTION", Version(0, 50), None, _V1_OUTPUT),
    Obsolete("K6_CLOUD_MAX_METRIC_SAMPLES_PER_PACKAGE", Version(0, 50), None, _V1_OUTPUT),
    Obsolete("K6_DATADOG_*", Version(0, 34), None, _DROPPED),
    Obsolete("K6_KAFKA_*", Version(0, 34), None, _DROPPED),
    Obsolete("K6_STATSD_*", Version(0, 55), None, _DROPPED),
    # k6 has no variable for these; the names are what people try.
    Obsolete("K6_VERBOSE", None, None, "k6 only has the flag -v/--verbose."),
    Obsolete("K6_QUIET", None, None, "k6 only has the flag -q/--quiet."),
    Obsolete("K6_TOKEN", None, "K6_CLOUD_TOKEN", "The token belongs in K6_CLOUD_TOKEN."),
    Obsolete("K6_API_TOKEN", None, "K6_CLOUD_TOKEN", "The token belongs in K6_CLOUD_TOKEN."),
    Obsolete("K6_CLOUD_API_TOKEN", None, "K6_CLOUD_TOKEN", "The token belongs in K6_CLOUD_TOKEN."),
    Obsolete("K6_PROJECT_ID", None, "K6_CLOUD_PROJECT_ID", "The project belongs in K6_CLOUD_PROJECT_ID."),
    Obsolete("K6_STACK_ID", None, "K6_CLOUD_STACK_ID", "The stack belongs in K6_CLOUD_STACK_ID."),
    Obsolete("K6_CLOUD_STACK", None, "K6_CLOUD_STACK_ID", "The stack belongs in K6_CLOUD_STACK_ID, as a number."),
    Obsolete("K6_OUTPUT", None, "K6_OUT", "Outputs belong in K6_OUT."),
    Obsolete("K6_OUTPUTS", None, "K6_OUT", "Outputs belong in K6_OUT."),
    Obsolete("K6_TAG", None, "K6_TAGS", "Tags belong in K6_TAGS, as NAME:VALUE with commas between, or after --tag."),
    Obsolete("K6_STAGE", None, "K6_STAGES", "Stages belong in K6_STAGES, as DURATION:TARGET, or after --stage."),
    Obsolete("K6_HOST", None, None, "k6 takes hosts from the script or from config.json only."),
    Obsolete("K6_ENV", None, None, "Variables for the script are those of the environment, or stand after --env."),
    Obsolete("K6_THRESHOLD", None, None, "k6 takes thresholds from the script or from config.json only."),
    Obsolete("K6_CONFIG_FILE", None, "K6_CONFIG", "The path of the file belongs in K6_CONFIG."),
    Obsolete("K6_CONFIG_PATH", None, "K6_CONFIG", "The path of the file belongs in K6_CONFIG."),
    Obsolete("K6_SCENARIOS", None, None, "k6 takes scenarios from the script or from config.json only."),
    Obsolete("K6_EXECUTION_SEGMENT_SEQUENCE", None, None, "k6 only has the flag --execution-segment-sequence."),
    Obsolete("K6_EXECUTION_SEGMENT", None, None, "k6 only has the flag --execution-segment."),
)
