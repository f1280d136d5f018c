"""The application's settings for the test run: a throw-away data folder, and only what makes tests quick.

Must not switch off a check that the application relies on. `DATABASE_URL` chooses PostgreSQL; without it the
suite runs on an SQLite file (a file, not memory, so that threads lock as they do in an installation).
"""

import atexit
import os
import shutil
import tempfile

# Set before the application's settings read the environment: a test never touches the developer's data, mail
# server or broker, and never inherits a production-like shell.
for _name in (
    "EMAIL_URL",
    "REDIS_URL",
    "SITE_URL",
    "SECRET_KEY",
    "SECRET_KEY_FILE",
    "ALLOWED_HOSTS",
    "ROADMAP_NOW",
    "METRICS_TOKEN",
    "METRICS_TOKEN_FILE",
):
    os.environ.pop(_name, None)
os.environ["SECRET_KEY"] = "a-key-of-the-test-run-only-" * 3  # a PostgreSQL run counts as production
_data = tempfile.mkdtemp(prefix="roadmap-test-")
os.environ["ROADMAP_DATA"] = _data
atexit.register(shutil.rmtree, _data, ignore_errors=True)

from roadmap_site.settings import *  # noqa: E402, F403  (the environment above has to stand first)
from roadmap_site.settings import DATABASES, STORAGES  # noqa: E402  (as above; named for the changes below)

ENGINE_WATCHED = False  # tests look themselves
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# Hashed names need a collectstatic run; the tests serve the files as they lie.
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_data, "test.sqlite3")}
