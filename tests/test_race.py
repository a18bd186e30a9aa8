"""Beside a program that writes as k6's login does (empty the file, then write it), no half-read file is written back."""

import json
import subprocess
import sys

from conftest import Home
from inside import call

RACER = """
import json, random, sys, time
path = sys.argv[1]
for number in range(100_000):
    with open(path, "w") as file:  # empties it
        file.flush()
        time.sleep(random.uniform(0, 0.01))
        file.write(json.dumps({"vus": 7, "number": number, "collectors": {"cloud": {"projectID": 5}}}, indent=2))
    time.sleep(random.uniform(0.01, 0.1))
"""


def test_nothing_is_written_from_a_file_that_another_program_is_writing(home: Home) -> None:
    path = home.write('{"vus": 7, "collectors": {"cloud": {"projectID": 5}}}')
    codes = []
    racer = subprocess.Popen([sys.executable, "-c", RACER, str(path)])
    try:
        for number in range(60):
            done = call(home, "set-token", "--stdin", stdin=f"not-a-real-token-{number:02}")
            codes.append(done.code)
    finally:
        racer.kill()
        racer.wait()
    # Written, or left alone because the file changed meanwhile or was empty for too long; never anything else.
    assert set(codes) <= {0, 3}
    assert 0 in codes
    versions = [
        backup.read_bytes() for backup in (home.folder / ".local" / "state" / "k6cfg").rglob("*") if backup.is_file()
    ]
    read = [json.loads(data) for data in versions if data.lstrip().startswith(b"{")]
    assert read
    for value in read:
        assert value["vus"] == 7, "every version that was read was a whole one"
        assert value["collectors"]["cloud"]["projectID"] == 5
