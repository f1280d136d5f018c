"""The score form, which stands on the risk's page and opens in a row of the register. Must not decide."""

from risks import forms
from risks.domain.scale import Scale
from risks.domain.scores import DoneAction, citable, last_lowering
from risks.models import MitigationAction
from risks.selectors import RiskLine


def citable_of(line: RiskLine) -> list[MitigationAction]:
    """The finished actions a lower score could rest on now; the line's scores are loaded (G23)."""
    lowered = last_lowering((row.before, row.score, row.scored_at) for row in line.risk.scores.all())
    facts = [DoneAction(a.pk, a.done_at, a.done_by_id, a.proof) for a in line.actions]
    offered = {fact.id for fact in citable(facts, lowered)}
    return [action for action in line.actions if action.pk in offered]


def rescore_form(
    line: RiskLine, scale: Scale, name: str, offered: list[MitigationAction], *, back: str = ""
) -> forms.RescoreForm:
    """A fresh form with the score as it is."""
    risk = line.risk
    now = {"version": risk.version, "likelihood": risk.current_likelihood, "impact": risk.current_impact, "back": back}
    return forms.RescoreForm(name=name, scale=scale, citable=offered, initial=now)
