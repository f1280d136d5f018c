"""One proof of a program. Must not write or open files."""

from django.http import Http404

from phases.models import Evidence
from programs.models import Program


def find_evidence(program: Program, evidence_id: int) -> Evidence:
    """Return a proof of this program, withdrawn ones included. Errors: Http404."""
    found = Evidence.objects.filter(pk=evidence_id, criterion__program=program).select_related("criterion").first()
    if found is None:
        raise Http404("No such evidence")
    found.criterion.program = program
    return found
