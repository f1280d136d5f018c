"""A document as the file somebody asked for: PDF, slides or workbook. Decides no rights."""

from typing import Any

from django.http import HttpResponse

from status_pages.printing import portfolio_pdf, status_pdf
from status_pages.selectors.template import template_bytes
from status_pages.slides import portfolio_slides, status_slides
from status_pages.workbook import portfolio_workbook, status_workbook

TYPES = {
    "pdf": "application/pdf",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def program_bytes(document: dict[str, Any], sha256: str, kind: str) -> bytes:
    """Return a status document as a file; slides take the company's template (one query)."""
    if kind == "pdf":
        return status_pdf(document, sha256=sha256)
    return status_slides(document, template=template_bytes()) if kind == "pptx" else status_workbook(document)


def portfolio_bytes(document: dict[str, Any], kind: str) -> bytes:
    """Return a portfolio document as a file; slides take the company's template (one query)."""
    if kind == "pdf":
        return portfolio_pdf(document)
    return portfolio_slides(document, template=template_bytes()) if kind == "pptx" else portfolio_workbook(document)


def sent(content: bytes, name: str, kind: str) -> HttpResponse:
    """Return the answer that downloads a file."""
    response = HttpResponse(content, content_type=TYPES[kind])
    response["Content-Disposition"] = f'attachment; filename="{name}.{kind}"'
    return response
