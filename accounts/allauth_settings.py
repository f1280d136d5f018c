"""Settings of django-allauth, plain constants, imported with `*` by `roadmap_site.settings`.

Kept beside the app they configure so that sign-in can be read in one place. Must not read the environment and must
not import Django: settings are not there yet when this is read.
"""

# --- who may come in ----------------------------------------------------------------------------------------------
ACCOUNT_ADAPTER = "accounts.adapters.AccountAdapter"  # closed sign-up, addresses from SITE_URL, mail after commit
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_FORMS = {
    "login": "accounts.forms.LoginForm",
    "reset_password": "accounts.forms.ResetPasswordForm",
    "reset_password_from_key": "accounts.forms.ResetPasswordKeyForm",
    "change_password": "accounts.forms.ChangePasswordForm",
    "set_password": "accounts.forms.SetPasswordForm",
    "add_email": "accounts.forms.ChangeEmailForm",
    "reauthenticate": "accounts.forms.ReauthenticateForm",
}

# --- answers never tell whether an account exists -----------------------------------------------------------------
ACCOUNT_PREVENT_ENUMERATION = True
# The page after "forgot password" is the same for everybody, and a mail goes out either way, so that neither the
# words nor the time to answer differ.
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True

# --- the address is proven, and changed only after proof ----------------------------------------------------------
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_CONFIRMATION_EXPIRE_DAYS = 3
ACCOUNT_CONFIRM_EMAIL_ON_GET = False  # mail scanners open links; a press on the page confirms
ACCOUNT_CHANGE_EMAIL = True  # one address per person; a new one replaces the old when confirmed
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_EMAIL_NOTIFICATIONS = True  # "your password was changed" goes to the person
ACCOUNT_REAUTHENTICATION_REQUIRED = True  # changing the address asks for the password again

# --- sessions -----------------------------------------------------------------------------------------------------
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "/accounts/login/"
ACCOUNT_SESSION_COOKIE_AGE = (
    14 * 24 * 3600
)  # seconds, when "keep me signed in" is ticked; else until the browser closes
PASSWORD_RESET_TIMEOUT = 24 * 3600  # seconds

# --- rate limits (P22) --------------------------------------------------------------------------------------------
# Counted in the default cache. It must be shared by all processes that answer: Redis in production; in the embedded
# mode one process holds all web threads, so its own memory is shared enough. Behind a proxy BEHIND_PROXY=1 tells
# allauth to count the visitor's address (last hop of X-Forwarded-For), not the proxy's; without a proxy that header
# is ignored, so it cannot be spoofed.
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/m/ip,5/m/key",
    "reset_password_from_key": "20/m/ip",
    "change_password": "5/m/user",
    "manage_email": "10/m/user",
    "reauthenticate": "10/m/user",
    "confirm_email": "1/3m/key",
    "signup": "20/m/ip",
}
