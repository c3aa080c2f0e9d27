"""A print room on loopback: a private CUPS scheduler and a real IPP Everywhere printer process, both ours to break.

Nothing in /etc or /var is touched and nothing outside this folder is stopped. Debian's ippeveprinter refuses to start
without DNS-SD, so it gets a private message bus and avahi bound to the loopback interface (PRINTING 1.1).
"""

from __future__ import annotations

import fcntl
import getpass
import grp
import http.client
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path

START_LIMIT_S = 90.0
FAULTS = ("media-empty", "media-jam", "cover-open")
HERE = Path(__file__).resolve().parent

BUS_CONFIG = """<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>system</type><listen>unix:path={folder}/bus.sock</listen><auth>EXTERNAL</auth>
<policy context="default"><allow user="*"/><allow own="*"/><allow send_type="method_call"/>
<allow send_type="signal"/><allow send_type="method_return"/><allow send_type="error"/>
<allow receive_type="method_call"/><allow receive_type="method_return"/><allow receive_type="error"/>
<allow receive_type="signal"/></policy></busconfig>
"""
AVAHI_CONFIG = """[server]
host-name=lab{pid}
use-ipv4=yes
use-ipv6=no
allow-interfaces=lo
enable-dbus=yes
[wide-area]
enable-wide-area=no
[publish]
publish-hinfo=no
publish-workstation=no
publish-addresses=no
"""
CUPS_FILES = """User {user}
Group {group}
SystemGroup {admins}
ServerRoot {folder}/etc
RequestRoot {folder}/spool
TempDir {folder}/spool/tmp
CacheDir {folder}/cache
StateDir {folder}/run
ServerKeychain {folder}/etc/ssl
AccessLog {folder}/log/access
ErrorLog {folder}/log/error
PageLog {folder}/log/page
FileDevice Yes
"""
CUPS_CONFIG = """LogLevel info
Listen 127.0.0.1:{port}
Browsing Off
DefaultAuthType None
DefaultEncryption Never
WebInterface No
PreserveJobHistory Yes
MaxJobs 500
ErrorPolicy retry-current-job
JobRetryInterval 2
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  SubscriptionPrivateAccess all
  SubscriptionPrivateValues none
  <Limit All>
    Order allow,deny
    Allow from 127.0.0.1
  </Limit>
</Policy>
"""


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder others may enter: CUPS runs its filters as lp. pytest closes its own folders to everybody else."""
    with tempfile.TemporaryDirectory(prefix="print-room-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        yield folder


def free_port() -> int:
    """A TCP port nobody listens on just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until(ready: Callable[[], bool], what: str, limit_s: float = START_LIMIT_S) -> None:
    """Poll until `ready`; AssertionError naming what was waited for."""
    end = time.monotonic() + limit_s
    while not ready():
        assert time.monotonic() < end, f"{what} did not happen within {limit_s} s"
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether something speaks HTTP on the port."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request("GET", "/")
        connection.getresponse().read()
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
    return True


@contextmanager
def process(command: list[str], log: Path, env: dict[str, str] | None = None) -> Iterator[subprocess.Popen[bytes]]:
    """A process of ours, stopped by its own handle at the end."""
    with log.open("ab") as out:
        child = subprocess.Popen(command, stdout=out, stderr=out, env=env)
    try:
        yield child
    finally:
        stop(child)


def stop(child: subprocess.Popen[bytes]) -> None:
    """End one of our processes."""
    if child.poll() is None:
        child.terminate()
        try:
            child.wait(5)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait(5)


@contextmanager
def private_bus(folder: Path) -> Iterator[dict[str, str]]:
    """Message bus and avahi on loopback; yields the environment in which they are found."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bus.conf").write_text(BUS_CONFIG.format(folder=folder))
    (folder / "avahi.conf").write_text(AVAHI_CONFIG.format(pid=os.getpid()))
    env = {**os.environ, "DBUS_SYSTEM_BUS_ADDRESS": f"unix:path={folder}/bus.sock", "HOME": str(folder)}
    avahi, alone = _own_run_folder(
        ["avahi-daemon", "-f", f"{folder}/avahi.conf", "--no-drop-root", "--no-rlimits", "--no-chroot"]
    )
    bus = ["dbus-daemon", f"--config-file={folder}/bus.conf", "--nofork"]
    with alone, process(bus, folder / "bus.log"):
        wait_until((folder / "bus.sock").exists, "the private message bus")
        with process(avahi, folder / "avahi.log", env):
            wait_until(lambda: _avahi_serves(folder), "the private avahi")
            yield env


def _own_run_folder(command: list[str]) -> tuple[list[str], AbstractContextManager[object]]:
    """Avahi's pid file has a fixed place: a mount namespace of its own, or where the system allows none, its turn."""
    script = 'mkdir -p /run/avahi-daemon && mount -t tmpfs none /run/avahi-daemon && exec "$@"'
    wrapped = ["unshare", "--mount", "sh", "-c", script, "sh"]
    allowed = subprocess.run([*wrapped, "true"], capture_output=True, check=False).returncode == 0
    return ([*wrapped, *command], nullcontext()) if allowed else (command, _turn())


@contextmanager
def _turn() -> Iterator[None]:
    """Wait for other print rooms on this machine to close."""
    with (Path(tempfile.gettempdir()) / "inspector-print-room.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _avahi_serves(folder: Path) -> bool:
    log = (folder / "avahi.log").read_text("utf-8", "replace")
    return "Server startup complete" in log


class IppDevice:
    """A real IPP printer process. `printed` are the PDF files that reached its engine."""

    def __init__(self, folder: Path, env: dict[str, str]) -> None:
        self.folder, self.port = folder, free_port()
        self.out = folder / "out"
        self._env = {**env, "OUTDIR": str(self.out)}
        self._child: subprocess.Popen[bytes] | None = None
        self.out.mkdir(parents=True)
        (folder / "spool").mkdir()

    @property
    def uri(self) -> str:
        """Its address."""
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    @property
    def printed(self) -> list[Path]:
        """Files the engine has finished, in order."""
        return sorted(self.out.glob("printed-*"))

    def switch_on(self) -> None:
        """Start the process and wait until it answers."""
        engine = self.folder / "engine.sh"
        engine.write_text(f'#!/bin/sh\nexec {sys.executable} {HERE / "engine.py"} "$1"\n')
        engine.chmod(0o755)
        command = ["ippeveprinter", "-v", "-v", "-n", "localhost", "-p", str(self.port), "-r", "off", "-k"]
        command += ["-d", str(self.folder / "spool"), "-a", str(HERE / "laser_ipp.conf"), "-c", str(engine)]
        with (self.folder / "log").open("ab") as log:
            self._child = subprocess.Popen(
                [*command, f"Lab{os.getpid()}-{self.port}"], stdout=log, stderr=log, env=self._env
            )
        wait_until(lambda: answers(self.port), f"the IPP printer on {self.port}")

    def switch_off(self) -> None:
        """Kill the process, as pulling the plug does."""
        if self._child is not None:
            self._child.kill()
            self._child.wait(5)
            self._child = None

    @contextmanager
    def fault(self, name: str) -> Iterator[None]:
        """One of FAULTS while the block runs; the engine waits for the end of it."""
        assert name in FAULTS
        mark = self.out / name
        mark.touch()
        try:
            yield
        finally:
            mark.unlink(missing_ok=True)

    def settings(self) -> dict[str, str]:
        """What the last finished job asked for, as the engine was told."""
        last = max(self.out.glob("settings-*"))
        return dict(line.split("=", 1) for line in last.read_text().splitlines())

    def clear_history(self) -> None:
        """Forget spooled jobs, as a printer without memory does."""
        for path in (self.folder / "spool").iterdir():
            path.unlink()

    def clear(self) -> None:
        """No faults, no finished files; switched on."""
        for name in FAULTS:
            (self.out / name).unlink(missing_ok=True)
        if self._child is None or self._child.poll() is not None:
            self.switch_on()
        for path in (*self.printed, *self.out.glob("settings-*")):  # its job numbers begin anew when switched on
            path.unlink()


class PrivateCups:
    """A CUPS scheduler on a loopback port with its own folders."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        self._child: subprocess.Popen[bytes]

    def uri(self, queue: str) -> str:
        """Address of a queue."""
        return f"ipp://127.0.0.1:{self.port}/printers/{queue}"

    @contextmanager
    def running(self) -> Iterator[PrivateCups]:
        """The scheduler while the block runs."""
        self._write_folders()
        command = ["cupsd", "-f", "-c", f"{self.folder}/etc/cupsd.conf", "-s", f"{self.folder}/etc/cups-files.conf"]
        with process(command, self.folder / "log" / "stdout") as self._child:
            wait_until(lambda: answers(self.port), "cupsd")
            yield self

    def add_queue(self, name: str, device: str, *more: str) -> str:
        """Make a queue that prints to `device`; returns its address."""
        self.run("lpadmin", "-p", name, "-E", "-v", device, *more)
        return self.uri(name)

    def run(self, *command: str) -> str:
        """A CUPS command against this scheduler."""
        env = {**os.environ, "CUPS_SERVER": f"127.0.0.1:{self.port}"}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=120)
        assert done.returncode == 0, f"{done.stderr} scheduler: {self._child.poll()} {self._last_words()}"
        return done.stdout

    def _last_words(self) -> str:
        logs = [self.folder / "log" / name for name in ("stdout", "error")]
        return "".join(log.read_text("utf-8", "replace")[-1500:] for log in logs if log.exists())

    def _write_folders(self) -> None:
        for part in ("etc/ppd", "etc/ssl", "spool/tmp", "cache", "run/certs", "log"):
            (self.folder / part).mkdir(parents=True, exist_ok=True)
        root = os.getuid() == 0  # filters never run as root, so a root scheduler needs somebody else to run them as
        user, group = ("lp", "lp") if root else (getpass.getuser(), grp.getgrgid(os.getgid()).gr_name)
        (self.folder / "etc/cups-files.conf").write_text(
            CUPS_FILES.format(folder=self.folder, user=user, group=group, admins="root" if root else "adm")
        )
        (self.folder / "etc/cupsd.conf").write_text(CUPS_CONFIG.format(port=self.port))
        if root:
            for path in self.folder.rglob("*"):
                shutil.chown(path, group=group)
        for part, mode in (("spool", 0o710), ("spool/tmp", 0o1770), ("cache", 0o770), ("run/certs", 0o711)):
            (self.folder / part).chmod(mode)
