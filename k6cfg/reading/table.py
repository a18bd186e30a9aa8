"""Which decoder each type of the schema has; ``schemas/README.md`` says what the types are."""

from collections.abc import Mapping
from typing import Final

from k6cfg.reading import containers, scalars, special, texts
from k6cfg.reading.plan import Decode

DECODERS: Final[Mapping[str, Decode]] = {
    "int": scalars.null_int,
    "float": scalars.null_float,
    "bool": scalars.null_bool,
    "string": scalars.null_string,
    "plain-int": scalars.plain_value,
    "plain-bool": scalars.plain_value,
    "plain-string": scalars.plain_value,
    "duration": texts.null_duration,
    "struct": containers.struct,
    "dns": containers.own_object,
    "map": containers.map_,
    "any-map": containers.any_map,
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
    "hostname": texts.hostname,
    "cidr": texts.network,
    "ip": texts.ip,
    "bytes": texts.byte_slice,
    "threshold": special.threshold,
    "tls-version": texts.enumerated,
    "tls-versions": special.tls_versions,
    "dns-select": texts.dns_choice,
    "dns-policy": texts.dns_choice,
    "execution-segment": texts.segment_value,
    "execution-segment-sequence": texts.segment_value,
    "scenarios": special.scenarios,
    "scenario": special.scenario,
    "any-value": special.any_value,
    "raw": special.raw,
}
