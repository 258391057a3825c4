"""A command on a terminal, as somebody sees it who sits before it."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
from pathlib import Path

_SIZE = struct.pack("HHHH", 40, 120, 0, 0)  # lines, columns


def on_terminal(*command: str | Path, keys: str = "") -> str:
    """Run a command on a terminal of 120 columns; return what it wrote there."""
    pid, fd = pty.fork()
    if pid == 0:
        fcntl.ioctl(0, termios.TIOCSWINSZ, _SIZE)  # before the command asks for it
        # Without the COLUMNS that readline, if a test imported it, sets for this process or those it starts.
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        environment = {**kept, "TERM": "xterm", "DUCKDB_PAGER": "cat"}
        os.execve(command[0], [os.fspath(part) for part in command], environment)
    lines, written, idle, at = keys.splitlines(), b"", 0, 0
    while True:
        ready, _, _ = select.select([fd], [], [], 0.2)
        if ready:
            try:
                got = os.read(fd, 65536)
            except OSError:  # the other end is closed
                break
            written, idle = written + got, 0
            # The prompt asks where the cursor is, and what colour is behind it.
            os.write(
                fd, b"\x1b[1;1R" * got.count(b"\x1b[6n") + b"\x1b]11;rgb:0/0/0\x07" * got.count(b"]11;?")
            )
        else:
            idle += 1
            if idle > 300:  # a minute
                os.kill(pid, signal.SIGKILL)
            # What is typed before the prompt stands is lost.
            prompt = re.sub(r"\x1b\[[0-9;]*[A-Za-z]", "", written[at:].decode("utf-8", "replace"))
            if lines and idle > 1 and prompt.endswith(" D "):
                at = len(written)
                os.write(fd, lines.pop(0).encode() + b"\r")
    os.close(fd)
    os.waitpid(pid, 0)
    return written.decode("utf-8", "replace")
