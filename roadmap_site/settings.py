"""All settings, one file, everything from the environment (`roadmap_site.env` stops on nonsense).

Two ways to run: embedded (the default: SQLite, one process, own mailbox) and production (as soon as `DATABASE_URL`
or `REDIS_URL` is set: PostgreSQL, Redis, several processes; a key and host names are then demanded).
"""

import os
import re
from pathlib import Path
from urllib.parse import urlsplit

from accounts.allauth_settings import *  # noqa: F403 - one block of ACCOUNT_* names, kept beside the app it configures
from roadmap_site import env
from roadmap_site.keys import secret_key

BASE_DIR = Path(__file__).resolve().parent.parent
ROADMAP_DATA = env.folder("ROADMAP_DATA", BASE_DIR / "var")
PRODUCTION = env.text("DATABASE_URL").startswith("postgres") or bool(env.text("REDIS_URL"))

# --- the clock of a rehearsal ---
ROADMAP_REHEARSAL = env.flag("ROADMAP_REHEARSAL")
ROADMAP_NOW = env.instant("ROADMAP_NOW")
ROADMAP_SPEED = env.number("ROADMAP_SPEED", 1.0, lowest=0, highest=100_000)
if (ROADMAP_NOW is not None or ROADMAP_SPEED != 1.0) and not ROADMAP_REHEARSAL:
    env.fail("ROADMAP_NOW", "and ROADMAP_SPEED are only taken together with ROADMAP_REHEARSAL=1")

# --- where it is reached ---
_site = env.url("SITE_URL", ("http", "https"), "takes http://host or https://host[:port]")
SITE_URL = f"{_site.scheme}://{_site.netloc}" if _site else "http://127.0.0.1:" + os.environ.get("PORT", "8000")
_secure = SITE_URL.startswith("https://")
_host = urlsplit(SITE_URL).hostname or "127.0.0.1"
DEBUG = env.flag("DEBUG")
if PRODUCTION and DEBUG:
    env.fail("DEBUG", "must be off in production (DATABASE_URL or REDIS_URL is set)")
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS") or [_host, "127.0.0.1", "localhost", "[::1]"]
if PRODUCTION and "*" in ALLOWED_HOSTS:
    env.fail("ALLOWED_HOSTS", "takes the host names this installation answers to, separated by commas; not *")
CSRF_TRUSTED_ORIGINS = [SITE_URL]
SECRET_KEY = secret_key(ROADMAP_DATA, production=PRODUCTION)

# --- apps ---
INSTALLED_APPS = [
    "core",
    "activity",
    "accounts",
    "programs",
    "metrics",
    "governance",
    "ownership",
    "risks",
    "escalation",
    "phases",
    "registers",
    "charter",
    "gates",
    "updates",
    "playbooks",
    "reminders",
    "status_pages",
    "calendars",
    "channels",
    "rehearsal",
    "dashboard",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # pads answers at random against BREACH; masks of CSRF tokens differ too
    "core.middleware.RequestIdMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "core.middleware.HtmxLoginMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "core.middleware.ServiceErrorMiddleware",
]
ROOT_URLCONF = "roadmap_site.urls"
WSGI_APPLICATION = "roadmap_site.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": ["template_partials.templatetags.partials", "core.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "core.context_processors.site",
                "reminders.context_processors.engine",
            ],
        },
    }
]
FORM_RENDERER = "core.controls.Controls"

# --- data ---
DATABASES = {"default": env.database(ROADMAP_DATA / "roadmap90.sqlite3")}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
EVIDENCE_ROOT = ROADMAP_DATA / "evidence"  # outside the web root; files leave only through a checked view
EVIDENCE_MAX_BYTES = 10 * 1024 * 1024
EVIDENCE_PROGRAM_MAX_BYTES = 500 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024  # text of a form; files are streamed and checked by their own limit
DATA_UPLOAD_MAX_NUMBER_FIELDS = 400
FILE_UPLOAD_HANDLERS = [
    "phases.uploads.CappedUploadHandler",  # first: nothing above EVIDENCE_MAX_BYTES reaches the disk
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
REDIS_URL = env.text("REDIS_URL")
env.url("REDIS_URL", ("redis", "rediss", "unix"), "takes redis://host:port/number")
CACHES = {
    "default": (
        {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

# --- people ---
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"

SHARE_LINK_MAX_DAYS = int(env.number("SHARE_LINK_MAX_DAYS", 90, lowest=1, highest=3650))  # of read-only status links

# --- browser security ---
# `default-src 'none'` and no 'unsafe-*', no nonces: pages carry no inline script or style, so they stay cacheable.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = _secure
CSRF_COOKIE_SECURE = _secure
SESSION_COOKIE_NAME = "__Host-session" if _secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if _secure else "csrf"
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_HSTS_SECONDS = 31_536_000 if _secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = _secure
SECURE_HSTS_PRELOAD = _secure
SECURE_SSL_REDIRECT = _secure
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked by the container's own health check, without TLS
if env.flag("BEHIND_PROXY"):  # the proxy must strip this header from what clients send
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if env.flag("BEHIND_PROXY") else 0

# --- mail ---
_mail = env.mail()
EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend" if _mail else "reminders.backends.MailboxBackend"
EMAIL_HOST = "localhost"
EMAIL_PORT = 25
globals().update(_mail or {})
EMAIL_TIMEOUT = 20  # seconds; Django's default is to wait for ever
MAIL_EMBEDDED = _mail is None
# A bare address or a single word is no mail domain; mail from there only ever reaches the app's own mailbox.
_domain = _host if re.fullmatch(r"[a-z0-9.-]+\.[a-z]{2,}", _host) else "localhost"
DEFAULT_FROM_EMAIL = env.text("MAIL_FROM", f"Roadmap 90 <roadmap90@{_domain}>")
MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rsplit("@", 1)[-1].rstrip(">").strip()
SERVER_EMAIL = DEFAULT_FROM_EMAIL
MAIL_WEBHOOK_PROVIDER, MAIL_WEBHOOK_SECRET, ANYMAIL = env.mail_hook()  # reports of bounces and complaints

# --- chat and webhooks ---
# Off where a laptop would speak to the outside unasked, and always in a rehearsal.
WEBHOOKS = env.flag("WEBHOOKS", default=PRODUCTION) and not ROADMAP_REHEARSAL
WEBHOOK_HTTP = env.flag("WEBHOOK_HTTP")  # plain http as well
WEBHOOK_ALLOWED_HOSTS = env.hosts("WEBHOOK_ALLOWED_HOSTS")  # inside the network, or at another port, all the same
WEBHOOK_ALLOWED_NETWORKS = env.networks("WEBHOOK_ALLOWED_NETWORKS")

# --- background work ---
CELERY_BROKER_URL = REDIS_URL or "memory://"
ENGINE_WATCHED = True  # every web process looks after the engine from a thread of its own; off in tests

# --- metrics for Prometheus ---
METRICS_TOKEN = env.text("METRICS_TOKEN")  # without it there is no /metrics
if METRICS_TOKEN and len(METRICS_TOKEN) < 24:
    env.fail("METRICS_TOKEN", "takes 24 random characters or more")

# --- time, language, static ---
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
USE_I18N = True
LOCALE_PATHS = [BASE_DIR / "locale"]
STATIC_URL = "/static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
# Not those of apps: django-htmx brings copies of htmx that no page asks for, the larger half of what is compressed.
STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
STATIC_ROOT = BASE_DIR / "staticfiles"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "roadmap_site.statics.storage"},
}
env.flag("STATIC_HASHED")  # only looked at here, so that nonsense stops the start; `statics` decides by it
WHITENOISE_USE_FINDERS = True  # under their plain names files are there in any case
WHITENOISE_AUTOREFRESH = False

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "loggers": {"urllib3": {"level": "INFO"}},  # at DEBUG it would write the paths of webhooks, which are secrets
    "root": {"handlers": ["console"], "level": env.choice("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR"))},
}
