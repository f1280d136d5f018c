"""Leading indicators: the early signs of a risk and the metrics that show them (S57)."""

from django.db import transaction
from django.db.models import Max

from accounts.models import User
from activity.enums import Verb
from core.errors import Invalid
from metrics.models import Metric
from programs.selectors import cast_of
from risks import policies
from risks.models import Risk, RiskIndicator
from risks.services.base import line, lock, record, still_open

TEXT_LIMIT = 300


@transaction.atomic
def add_sign(*, actor: User, risk: Risk, text: str, metric: Metric | None = None) -> RiskIndicator:
    """Add an early sign, shown by a metric or watched by eye. The same words again are the same sign.

    Errors: NotAllowed, Invalid (closed risk, no words, a metric of another program).
    """
    risk = _open(actor, risk)
    said, last = _text(text), risk.indicators.aggregate(last=Max("position"))["last"]
    _fits(metric, risk)
    twin = risk.indicators.filter(text=said).first()
    if twin is not None:
        return twin
    made = RiskIndicator.objects.create(risk=risk, position=0 if last is None else last + 1, text=said, metric=metric)
    record(actor, Verb.RISK_SIGN_CHANGED, risk, sign=made.pk, text=said, metric=metric.slug if metric else None)
    return made


@transaction.atomic
def change_sign(*, actor: User, sign: RiskIndicator, text: str, metric: Metric | None) -> RiskIndicator:
    """Reword a sign or tie it to a metric, whose open alert then flags the risk. Errors: NotAllowed, Invalid."""
    risk = _open(actor, sign.risk)
    sign = RiskIndicator.objects.get(pk=sign.pk)
    said = _text(text)
    _fits(metric, risk)
    if (sign.text, sign.metric_id) == (said, metric.pk if metric else None):
        return sign
    before = {"text": sign.text, "metric": sign.metric.slug if sign.metric else None}
    sign.text, sign.metric = said, metric
    sign.save(update_fields=["text", "metric"])
    record(
        actor,
        Verb.RISK_SIGN_CHANGED,
        risk,
        sign=sign.pk,
        was=before,
        text=said,
        metric=metric.slug if metric else None,
    )
    return sign


@transaction.atomic
def remove_sign(*, actor: User, sign: RiskIndicator) -> None:
    """Take a sign off; its words stay in the activity. Gone already is fine. Errors: NotAllowed, Invalid."""
    risk = _open(actor, sign.risk)
    gone, _ = RiskIndicator.objects.filter(pk=sign.pk).delete()
    if gone:
        record(actor, Verb.RISK_SIGN_CHANGED, risk, removed=sign.text)


def _open(actor: User, risk: Risk) -> Risk:
    risk = lock(risk)
    policies.may_keep(actor, risk, cast_of(risk.program)).require()
    still_open(risk)
    return risk


def _text(text: str) -> str:
    return line(text, "text", "Say what would be seen first.", TEXT_LIMIT)


def _fits(metric: Metric | None, risk: Risk) -> None:
    if metric is not None and metric.program_id != risk.program_id:
        raise Invalid("Choose a metric of this program.", field="metric")
