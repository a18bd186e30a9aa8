"""A glance at a file: is it plainly good? Yes means that the judge and the rules would find nothing at all.

No means nothing: then they look. Most files are plainly good, and to see that takes a tenth of what it takes to
read and judge one closely, and none of the rooms that do so. ``shapes.json`` says what is ordinary at each place; it is
made from the schema by ``schemas/glance.py``. The tests hold every yes against the judge.
"""

import json
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from k6cfg.engine.fast_path.shape_checks import Compiled, compiled, driven
from k6cfg.schema.versions import Version

if TYPE_CHECKING:
    from k6cfg.engine import Checked
    from k6cfg.k6.decode import Script
    from k6cfg.schema import Schema

FIRST: Final = Version(0, 38, 0)
"""The oldest version whose files are glanced at; before it, thresholds were read otherwise."""


def plainly_good(data: bytes, version: Version) -> bool:
    """Whether there is surely nothing to say of a file, to whatever script it belongs."""
    known = _known(version)
    try:
        text = data.decode()
        options = _DECODER.decode(text)
    except (ValueError, RecursionError):
        return False
    if known is None or type(options) is not dict or "\\ud" in text or "\\uD" in text:
        return False  # Go reads half of a surrogate pair as something else
    for key, value in options.items():
        found = known.get(key)
        if found is None or not found[0](value, found[1]):
            return False
    return driven(options)


_LONGEST: Final = 256 * 1024
"""Characters; of a longer text it is to be asked first whether it is a configuration at all."""


def what_stands_out(data: bytes, schema: "Schema", script: "Script | None") -> "Checked | None":
    """What k6 will make of a file, of which only what is out of the ordinary was judged; None where all has to be.

    The findings are those of ``engine.check``. The document and the reading are not whole: they are for reporting, not
    for fixes.
    """
    from k6cfg.engine import check_values
    from k6cfg.engine.fast_path.partial import sift
    from k6cfg.engine.message_masking import other_words

    known = _known(schema.version)
    try:
        text = data.decode()
    except ValueError:
        return None
    if known is None or len(text) > _LONGEST or "\\ud" in text or "\\uD" in text:
        return None
    found = sift(text, known, schema.secret_names, script=script is not None)
    if found is None:
        return None
    checked = check_values(data, found.document, schema, script, aside=found.aside)
    # Only a closer look tells a word of a message from a secret that is the same word.
    return None if other_words(text, checked.known_secrets or (), checked.diagnostics) is not None else checked


class Faultless:
    """What is known of a plainly good file: it stands where a ``Checked`` stands, and is read closely when asked."""

    diagnostics: Final = ()
    stops_at: Final = None
    accepted_run: Final = True
    accepted_cloud: Final = True
    well_formed: Final = True

    def __init__(self, data: bytes, version: Version) -> None:
        self.data = data
        self._version = version

    def __reduce__(self) -> tuple[object, ...]:
        return Faultless, (self.data, self._version)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a Checked has
        return getattr(self._closely, name)

    @cached_property
    def _closely(self) -> "Checked":
        from k6cfg.engine import check
        from k6cfg.schema import load

        return check(self.data, load(self._version))


@cache
def _known(version: Version) -> Mapping[str, Compiled] | None:
    """What is ordinary under each key at the top; None for a version of which that is not known."""
    if not version >= FIRST:
        return None
    wanted = f"{version.major}.{version.minor}"
    every = json.loads((Path(__file__).parent / "shapes.json").read_bytes())
    if wanted not in every:
        return None
    found: dict[str, Any] = {}
    for minor, changed in every.items():  # from the newest back
        found.update(changed)
        if minor == wanted:
            break
    return {key: compiled(spec) for key, spec in found.items() if spec is not None}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; one with a key twice is out of the ordinary."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError
    return found


def _no_number(name: str) -> None:
    raise ValueError(name)


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_once, parse_constant=_no_number)
