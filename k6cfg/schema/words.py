"""What each type of k6's is called to people."""

from typing import Final

OBJECT, LIST, TEXT = "an object", "a list", "a text in double quotes"
EXPECTED: Final = {
    "int": "a whole number",
    "plain-int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "plain-bool": "true or false",
    "string": TEXT,
    "plain-string": TEXT,
    "duration": 'a duration such as "30s", or a number of milliseconds',
    "string-list": "a list of texts",
    "cidr-list": 'a list of networks, such as ["10.0.0.0/8"]',
    "cidr": 'a network such as "10.0.0.0/8"',
    "hostname-list": "a list of host names",
    "cipher-suites": "a list of names of cipher suites",
    "system-tags": "a list of names of tags",
    "tag-set": "a list of names of tags",
    "string-map": "an object whose values are texts",
    "hosts": "an object of host names and addresses",
    "host-address": 'an address such as "10.0.0.1" or "10.0.0.1:8080"',
    "threshold-list": 'a list of expressions, such as ["p(95)<500"]',
    "threshold": 'an expression such as "p(95)<500", or an object with `threshold`',
    "list": LIST,
    "map": OBJECT,
    "any-map": OBJECT,
    "struct": OBJECT,
    "scenarios": "an object with a scenario under each name",
    "scenario": "an object with an `executor`",
    "dns": "an object with `ttl`, `select` and `policy`",
    "tls-versions": 'a version such as "tls1.2", or an object with `min` and `max`',
    "tls-version": 'a version such as "tls1.2"',
    "execution-segment": 'a text such as "0:1/4"',
    "execution-segment-sequence": 'a text such as "0,1/2,1"',
}
