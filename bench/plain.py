"""A plain smtplib sender with mails from a file, in a process of its own: `python -m bench.plain PORT FILE`.

FILE holds a JSON list of messages, one character for each byte. Prints when it began and ended, on the
machine's monotonic clock.
"""

import json
import smtplib
import sys
import time
from pathlib import Path


def main(port: int, file: Path) -> None:
    """Send all of it over one connection."""
    letters = [text.encode("latin-1") for text in json.loads(file.read_text(encoding="ascii"))]
    started = time.monotonic()
    with smtplib.SMTP("127.0.0.1", port, timeout=20) as server:
        for letter in letters:
            server.sendmail("bench@example.org", ["somebody@example.org"], letter)
    print(json.dumps([started, time.monotonic()]))


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
