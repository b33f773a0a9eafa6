"""`python -m palmares …` is the command `palmares …`."""

import os
import subprocess
import sys

from palmares._command import find_command


def main() -> int:
    """Becomes the command, where the system can; else waits for it."""
    command = [find_command(), *sys.argv[1:]]
    if os.name == "posix":
        os.execv(command[0], command)
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
