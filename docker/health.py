"""Container health check: asks /readyz, which knows the database and the engine's heartbeat.

Standard library only and no Django: it runs every few seconds. Usage: health.py [http://host:port]. The Host header
is the installation's own name, so that ALLOWED_HOSTS needs no exception for health checks.
"""

import http.client
import os
import sys
from urllib.parse import urlsplit


def main(target: str) -> int:
    """Return 0 when the installation is ready, 1 with the reason on standard output when not."""
    parts = urlsplit(target)
    host = urlsplit(os.environ.get("SITE_URL", "")).netloc or parts.netloc
    connection = http.client.HTTPConnection(parts.hostname or "127.0.0.1", parts.port or 8000, timeout=5)
    try:
        connection.request("GET", "/readyz", headers={"Host": host})
        answer = connection.getresponse()
        print(answer.status, answer.read(500).decode(errors="replace"))
        return 0 if answer.status == 200 else 1
    except OSError as error:
        print(f"no answer from {parts.netloc}: {error}")
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if sys.argv[1:] else "http://127.0.0.1:8000"))
