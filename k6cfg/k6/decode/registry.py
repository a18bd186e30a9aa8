"""Which decoder each type of the schema has; ``schemas/README.md`` says what the types are."""

from collections.abc import Mapping
from typing import Final

from k6cfg.k6.decode import custom, scalars, strings, structs
from k6cfg.k6.decode.plan import Decode

DECODERS: Final[Mapping[str, Decode]] = {
    "int": scalars.null_int,
    "float": scalars.null_float,
    "bool": scalars.null_bool,
    "string": scalars.null_string,
    "plain-int": scalars.plain_value,
    "plain-bool": scalars.plain_value,
    "plain-string": scalars.plain_value,
    "duration": strings.null_duration,
    "struct": structs.struct,
    "dns": structs.own_object,
    "map": structs.map_,
    "any-map": structs.any_map,
    "string-map": structs.string_map,
    "hosts": custom.hosts,
    "host-address": custom.address,
    "list": structs.list_,
    "string-list": structs.texts,
    "hostname-list": structs.list_,
    "cidr-list": structs.list_,
    "threshold-list": structs.list_,
    "system-tags": structs.list_of_names,
    "tag-set": structs.list_of_names,
    "cipher-suites": custom.cipher_suites,
    "hostname": strings.hostname,
    "cidr": strings.network,
    "ip": strings.ip,
    "bytes": strings.byte_slice,
    "threshold": custom.threshold,
    "tls-version": strings.enumerated,
    "tls-versions": custom.tls_versions,
    "dns-select": strings.dns_choice,
    "dns-policy": strings.dns_choice,
    "execution-segment": strings.segment_value,
    "execution-segment-sequence": strings.segment_value,
    "scenarios": custom.scenarios,
    "scenario": custom.scenario,
    "any-value": custom.any_value,
    "raw": custom.raw,
}
