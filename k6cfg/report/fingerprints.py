"""What stays the same of a finding while the file around it changes, so that programs know it again."""

from collections import Counter
from hashlib import sha256

from k6cfg.report.artifact_uri import Named


class Fingerprints:
    """Makes them for one call: of file, rule and pointer, and a count where all three are the same.

    No line, no value and no word of a message goes in.
    """

    def __init__(self) -> None:
        self._seen: Counter[tuple[str, ...]] = Counter()

    def of(self, name: Named, rule: str, pointer: str = "") -> str:
        """The next one, in hexadecimal."""
        same = (name.base, name.path, rule, pointer)
        self._seen[same] += 1
        text = "\0".join((*same, str(self._seen[same])))
        return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
