"""Beside a program that writes as k6's login does (empty the file, then write it), no half-read file is written back."""

import json
import subprocess
import sys
import time

from conftest import Home
from inside import call

RACER = """
import json, random, sys, time
path, pause = sys.argv[1], float(sys.argv[2])
for number in range(100_000):
    with open(path, "w") as file:  # empties it
        file.flush()
        time.sleep(random.uniform(0, 0.01))
        file.write(json.dumps({"vus": 7, "number": number, "collectors": {"cloud": {"projectID": 5}}}, indent=2))
    time.sleep(random.uniform(0, pause))
"""


def test_nothing_is_written_from_a_file_that_another_program_is_writing(home: Home) -> None:
    path = home.write('{"vus": 7, "collectors": {"cloud": {"projectID": 5}}}')

    def change(number: int) -> int:
        return call(home, "set-token", "--stdin", stdin=f"not-a-real-token-{number:03}").code

    change(0)
    began = time.monotonic()
    assert change(1) == 0
    # About every other change gets through, however busy the machine is.
    pause = 4 * (time.monotonic() - began)
    codes: list[int] = []
    racer = subprocess.Popen([sys.executable, "-c", RACER, str(path), str(pause)])
    try:
        while len(codes) < 40 or (0 not in codes and len(codes) < 400):
            codes.append(change(2 + len(codes)))
    finally:
        racer.kill()
        racer.wait()
    # Written, or left alone because the file changed meanwhile or was empty for too long; never anything else.
    assert set(codes) <= {0, 3}
    assert 0 in codes
    versions = [path.read_bytes() for path in (home.folder / ".local" / "state" / "k6cfg").rglob("*.bak")]
    assert versions
    for value in map(json.loads, filter(None, versions)):  # one that was left empty is no half-read one
        assert value["vus"] == 7, "every version that was read was a whole one"
        assert value["collectors"]["cloud"]["projectID"] == 5
