"""Which decoder each type of the schema has; ``schemas/README.md`` says what the types are."""

from collections.abc import Mapping
from typing import Final

from k6cfg.reading import containers, scalars, special
from k6cfg.reading.plan import Decode

DECODERS: Final[Mapping[str, Decode]] = {
    "int": scalars.null_int,
    "float": scalars.null_float,
    "bool": scalars.null_bool,
    "string": scalars.null_string,
    "plain-int": scalars.plain_value,
    "plain-bool": scalars.plain_value,
    "plain-string": scalars.plain_value,
    "duration": scalars.null_duration,
    "struct": containers.struct,
    "dns": containers.own_object,
    "map": containers.map_,
    "string-map": containers.string_map,
    "hosts": special.hosts,
    "host-address": special.address,
    "list": containers.list_,
    "string-list": containers.texts,
    "hostname-list": containers.list_,
    "cidr-list": containers.list_,
    "threshold-list": containers.list_,
    "system-tags": containers.list_of_names,
    "tag-set": containers.list_of_names,
    "cipher-suites": special.cipher_suites,
    "hostname": scalars.hostname,
    "cidr": scalars.network,
    "threshold": special.threshold,
    "tls-version": scalars.enumerated,
    "tls-versions": special.tls_versions,
    "dns-select": scalars.enumerated,
    "dns-policy": scalars.enumerated,
    "execution-segment": scalars.segment_value,
    "execution-segment-sequence": scalars.segment_value,
    "scenarios": special.scenarios,
    "scenario": special.scenario,
    "raw": special.raw,
}
