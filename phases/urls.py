"""Addresses of the plan: by phase, one criterion, one task, and what is posted to them."""

from django.urls import path, register_converter

from phases.views import criteria, evidence, items, plan, tasks


class ItemKindConverter:
    """The two kinds of plan items in an address: `criteria` and `tasks`."""

    regex = "criteria|tasks"

    def to_python(self, value: str) -> str:
        """Take the word as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write the word as it is."""
        return value


register_converter(ItemKindConverter, "itemkind")

P = "programs/<slug:program_slug>/"
ITEM = P + "<itemkind:kind>/<slug:slug>/"

urlpatterns = [
    path(P + "plan/", plan.plan, name="plan"),
    path(P + "criteria/<slug:slug>/", criteria.criterion, name="criterion"),
    path(P + "criteria/<slug:slug>/evidence/", evidence.add, name="criterion_evidence_add"),
    path(P + "criteria/<slug:slug>/series/", evidence.add_series, name="criterion_series_add"),
    path(P + "criteria/<slug:slug>/hand-in/", criteria.hand_in, name="criterion_hand_in"),
    path(P + "criteria/<slug:slug>/verify/", criteria.verify, name="criterion_verify"),
    path(P + "criteria/<slug:slug>/send-back/", criteria.send_back, name="criterion_send_back"),
    path(P + "evidence/<int:evidence_id>/download/", evidence.download, name="evidence_download"),
    path(P + "evidence/<int:evidence_id>/withdraw/", evidence.withdraw, name="evidence_withdraw"),
    path(P + "tasks/<slug:slug>/", tasks.task, name="task"),
    path(P + "tasks/<slug:slug>/done/", tasks.done, name="task_done"),
    path(P + "tasks/<slug:slug>/reopen/", tasks.reopen, name="task_reopen"),
    path(ITEM + "forecast/", items.forecast, name="item_forecast"),
    path(ITEM + "redate/", items.redate, name="item_redate"),
    path(ITEM + "reassign/", items.reassign, name="item_reassign"),
    path(ITEM + "delegate/", items.delegate, name="item_delegate"),
]
