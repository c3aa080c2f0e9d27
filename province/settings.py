"""Settings of the provincial server.

Everything that differs between machines comes from the environment, through ``inspector_app.config``:

=============================  ======================================================================================
``INSPECTOR_PROVINCE``         the province's folder: database (SQLite), key files, high-water marks, Django's secret
``INSPECTOR_PROVINCE_DATABASE``  ``postgresql://user:password@host:port/name`` in production; otherwise SQLite
``INSPECTOR_PROVINCE_HOSTS``   host names, separated by commas, under which the province is reached; loopback always
``INSPECTOR_PROVINCE_BEHIND_TLS``  ``1`` when a reverse proxy ends TLS in front of it: HSTS, secure cookies
``INSPECTOR_PROVINCE_PROXY_HEADER``  the header into which that proxy writes the visitor's address last, such as
                               ``X-Forwarded-For``; without it all visitors count as one, the proxy
=============================  ======================================================================================
"""

from __future__ import annotations

from pathlib import Path

from inspector_app.config import setting
from province.chance import SystemRandom
from province.databases import database_settings
from province.folders import folder

BASE = Path(__file__).resolve().parent
FOLDER = folder()
_SECRET_FILE = FOLDER / "django-secret"

# Without a founded province nothing is served (province.wsgi refuses), and no secret is one that others could know.
FOUNDED = _SECRET_FILE.exists()
SECRET_KEY = _SECRET_FILE.read_text("ascii").strip() if FOUNDED else SystemRandom().bytes(32).hex()
DEBUG = False
HOSTS = [host for host in setting("INSPECTOR_PROVINCE_HOSTS").split(",") if host]
ALLOWED_HOSTS = [*HOSTS, "localhost", "127.0.0.1", "[::1]"]

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "province.journal.apps.JournalConfig",
    "province.numbers.apps.NumbersConfig",
    "province.custody.apps.CustodyConfig",
    "province.registry.apps.RegistryConfig",
    "province.portal.apps.PortalConfig",
    "province.public.apps.PublicConfig",
    "province.ledgers.apps.LedgersConfig",
    "province.desk.apps.DeskConfig",
]
MIDDLEWARE = [
    "province.middleware.ApiPassesBy",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "province.middleware.OwnHeaders",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
]
ROOT_URLCONF = "province.urls"
MIGRATION_MODULES = {"ledgers": None}  # projections are rebuilt, never migrated
WSGI_APPLICATION = "province.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": database_settings(setting("INSPECTOR_PROVINCE_DATABASE") or str(FOLDER / "province.sqlite3"))}

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
TIME_ZONE = "Asia/Shanghai"
USE_I18N = True
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = FOLDER / "static" if (FOLDER / "static").is_dir() else None  # made by `collectstatic` in production
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 3600

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = 15 * 60
SESSION_SAVE_EVERY_REQUEST = True
SESSION_COOKIE_HTTPONLY = True
SECURE_CONTENT_TYPE_NOSNIFF = True
# With "no-referrer" browsers post forms with "Origin: null", which Django rightly refuses; the public page, which
# posts nothing, sets "no-referrer" itself.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

if setting("INSPECTOR_PROVINCE_BEHIND_TLS") == "1":
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True

PROXY_HEADER = setting("INSPECTOR_PROVINCE_PROXY_HEADER")

# Frames are bounded by sync.protocol; Django's own limit must not be smaller.
DATA_UPLOAD_MAX_MEMORY_SIZE = 8 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}
