import json
import os
import socket
import sys
import time
from pathlib import Path

import pytest

from k6cfg.machine.files import FileError, Kind, absent, read
from k6cfg.machine.files import snapshot as reading
from k6cfg.machine.files.errors import fault
from k6cfg.machine.paths import quoted, shown

posix = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such files")
not_as_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read everything: runs as an ordinary user"
)


def refused(path: Path | str, kind: Kind, *, limit: int = 1000) -> FileError:
    began = time.monotonic()
    with pytest.raises(FileError) as caught:
        read(path, limit=limit)
    assert caught.value.kind is kind, caught.value
    assert time.monotonic() - began < 30, "nothing is waited for"
    assert caught.value.help
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_file_and_what_is_known_of_it(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b'{"vus": 1}')
    path.chmod(0o640)
    snapshot = read(path)
    assert snapshot.exists
    assert snapshot.data == b'{"vus": 1}'
    assert snapshot.path == path
    assert snapshot.target == path.resolve()
    assert snapshot.mode == 0o640
    assert snapshot.sha256 == "e1b538985b87eb65a2994e1aab2503bfe1092b52c30c3e983f371d083b9f0b98"
    assert snapshot.status is not None
    assert snapshot.status.st_mtime_ns == path.stat().st_mtime_ns


def test_what_is_in_the_file_is_not_in_the_representation(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_text('{"token": "T0KEN"}')
    assert "T0KEN" not in repr(read(path))


def test_a_text_path_will_do(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_bytes(b"{}")
    assert read(str(tmp_path / "config.json")).data == b"{}"


def test_as_large_as_may_be_and_one_byte_more(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"x" * 1000)
    assert len(read(path, limit=1000).data) == 1000
    path.write_bytes(b"x" * 1001)
    assert "1000 bytes" in str(refused(path, Kind.TOO_LARGE))


def test_more_than_one_piece(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    data = os.urandom(3 * 1024 * 1024 + 7)
    path.write_bytes(data)
    assert read(path).data == data


@posix
def test_a_giant_of_holes(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    with path.open("wb") as file:
        try:
            file.truncate(1 << 40)
        except OSError:
            pytest.skip("the file system has no files that large")
    assert "64 MiB" in str(refused(path, Kind.TOO_LARGE, limit=64 * 1024 * 1024))


def test_missing(tmp_path: Path) -> None:
    error = refused(tmp_path / "config.json", Kind.MISSING)
    assert "does not exist" in str(error)
    assert f"ls -la {quoted(tmp_path)}" in error.help


def test_a_file_where_a_folder_should_be(tmp_path: Path) -> None:
    (tmp_path / "k6").write_bytes(b"")
    refused(tmp_path / "k6" / "config.json", Kind.MISSING)


def test_a_folder(tmp_path: Path) -> None:
    assert "folder" in str(refused(tmp_path, Kind.FOLDER))


@posix
def test_a_pipe_that_nobody_writes_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert "a pipe" in str(refused(tmp_path / "pipe", Kind.NOT_REGULAR))


@posix
def test_a_pipe_without_a_name() -> None:
    reader, writer = os.pipe()
    try:
        if not Path(f"/dev/fd/{reader}").exists():
            pytest.skip("no /dev/fd")
        refused(f"/dev/fd/{reader}", Kind.NOT_REGULAR)
    finally:
        os.close(reader)
        os.close(writer)


@posix
def test_a_socket(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("socket")
        assert "a socket" in str(refused("socket", Kind.NOT_REGULAR))


@posix
@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null"])
def test_a_device(path: str) -> None:
    assert "a device" in str(refused(path, Kind.NOT_REGULAR))


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="no /proc")
def test_a_file_that_says_it_is_empty_and_is_not() -> None:
    assert Path("/proc/self/status").stat().st_size == 0
    assert b"Name:" in read("/proc/self/status").data
    refused("/proc/self/status", Kind.TOO_LARGE, limit=20)


@not_as_root
@posix
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"{}")
    path.chmod(0)
    assert "permission denied" in str(refused(path, Kind.PERMISSION))


@posix
def test_a_circle_of_links(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")
    assert "circle" in str(refused(tmp_path / "a", Kind.LOOP))
    with pytest.raises(FileError) as caught:
        absent(tmp_path / "a")
    assert caught.value.kind is Kind.LOOP


@posix
def test_links_lead_to_the_file_however_many(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    (tmp_path / "dotfiles" / "real.json").write_bytes(b"{}")
    (tmp_path / "folder").symlink_to("dotfiles")
    (tmp_path / "first").symlink_to("folder/real.json")
    (tmp_path / "second").symlink_to(tmp_path / "first")
    snapshot = read(tmp_path / "second")
    assert snapshot.target == (tmp_path / "dotfiles" / "real.json").resolve()
    assert snapshot.path == tmp_path / "second"


@posix
def test_a_link_to_nothing_says_where_it_points(tmp_path: Path) -> None:
    (tmp_path / "config.json").symlink_to("gone/real.json")
    assert "gone/real.json, which does not exist" in str(refused(tmp_path / "config.json", Kind.MISSING))


def test_names_that_no_file_can_have(tmp_path: Path) -> None:
    refused(f"{tmp_path}/a\0b", Kind.NAME)
    refused(tmp_path / ("x" * 300), Kind.NAME)
    with pytest.raises(FileError) as caught:
        absent(f"{tmp_path}/a\0b")
    assert caught.value.kind is Kind.NAME
    with pytest.raises(FileError) as caught:
        absent(tmp_path / ("x" * 300))
    assert caught.value.kind is Kind.NAME


def test_a_file_that_was_emptied_a_moment_ago_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"")
    # As k6 does it, on a busy machine: the file is whole again a while after it was emptied.
    waits: list[float] = []

    def wait(seconds: float) -> None:
        waits.append(seconds)
        if len(waits) == 7:
            path.write_bytes(b'{"whole": true}')

    monkeypatch.setattr(time, "sleep", wait)
    monkeypatch.setattr(reading, "_PATIENCE", 600.0)
    assert read(path).data == b'{"whole": true}'
    assert len(waits) == 7


def test_an_empty_file_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"")
    monkeypatch.setattr(reading, "_PATIENCE", 0.1)
    assert read(path).data == b""
    os.utime(path, (1, 1))
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    assert read(path).data == b""
    assert waits == []


def test_a_file_that_never_holds_still(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "config.json"
    path.write_bytes(b"{}")
    growing = os.read

    def grow(descriptor: int, count: int) -> bytes:
        with path.open("ab") as file:
            file.write(b" ")
        return growing(descriptor, min(count, 1))

    monkeypatch.setattr(os, "read", grow)
    with pytest.raises(FileError) as caught:
        read(path, limit=40)
    assert caught.value.kind in {Kind.CONFLICT, Kind.TOO_LARGE}


def test_the_place_of_a_file_to_be(tmp_path: Path) -> None:
    snapshot = absent(tmp_path / "a" / "b" / "config.json")
    assert not snapshot.exists
    assert snapshot.data == b""
    assert snapshot.mode == 0
    assert snapshot.anchor == tmp_path.resolve()
    (tmp_path / "config.json").write_bytes(b"")
    with pytest.raises(FileError) as caught:
        absent(tmp_path / "config.json")
    assert caught.value.kind is Kind.EXISTS
    with pytest.raises(FileError) as caught:
        absent(tmp_path / "config.json" / "x")
    assert caught.value.kind is Kind.MISSING


def test_the_home_folder_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/jane")
    monkeypatch.setenv("USERPROFILE", "/home/jane")
    assert shown("/home/jane/.config/k6") == "~/.config/k6"
    assert shown("/home/jane") == "~"
    assert shown("/home/janet/x") == "/home/janet/x"
    assert quoted("/home/jane/my files/x") == "~/'my files/x'"
    assert "jane" not in str(fault(PermissionError(13, "no"), Path("/home/jane/x"), "read"))


def test_nothing_in_a_name_acts_on_the_terminal() -> None:
    assert shown("a\x1b[31m\nb\udcff") == "a\\x1b[31m\\nb\\udcff"


def test_every_fault_says_what_to_do() -> None:
    for number in range(1, 133):
        error = fault(OSError(number, "x"), Path("/some/{where}/config.json"), "read")
        assert error.message.startswith("/some/{where}/config.json cannot be read: ")
        assert len(error.help) > 10
        assert "{" not in error.help.replace("{where}", "")


@pytest.mark.parametrize("number", [32, 33])
def test_a_file_that_windows_keeps_for_another_program(number: int) -> None:
    error = PermissionError(13, "denied")
    error.winerror = number  # type: ignore[attr-defined]
    assert fault(error, Path("x"), "written").kind is Kind.BUSY


def test_an_error_survives_its_way_between_processes() -> None:
    import pickle

    error = FileError(Kind.BUSY, "message", "help")
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 -- our own
    assert (again.kind, again.message, again.help, json.dumps(str(again))) == (
        Kind.BUSY,
        "message",
        "help",
        '"message"',
    )
