"""Addresses of the status pages."""

from django.urls import path, register_converter

from status_pages.views import links, page, shared, template


class FileKindConverter:
    """The files a status can be had as."""

    regex = "pdf|pptx|xlsx"

    def to_python(self, value: str) -> str:
        """Take the word as it is."""
        return value

    def to_url(self, value: str) -> str:
        """Write the word as it is."""
        return value


register_converter(FileKindConverter, "filekind")

P = "programs/<slug:program_slug>/status/"

urlpatterns = [
    path("s/<str:token>/", shared.share_open, name="share_open"),
    path("s/<str:token>/badge.svg", shared.share_badge, name="share_badge"),
    path("s/<str:token>/status.json", shared.share_json, name="share_json"),
    path("status/<slug:public_id>/", shared.shared, name="shared"),
    path("status/<slug:public_id>/status.<filekind:kind>", shared.shared_file, name="shared_file"),
    path("share-links/<int:link_id>/rotate/", links.rotate, name="share_rotate"),
    path("share-links/<int:link_id>/revoke/", links.revoke, name="share_revoke"),
    path("slide-template/", template.slide_template, name="slide_template"),
    path("slide-template/remove/", template.remove, name="slide_template_remove"),
    path("portfolios/<slug:portfolio_slug>/links/", links.portfolio_links, name="portfolio_links"),
    path(P + "links/", links.program_links, name="status_links"),
    path(P, page.status, name="status"),
    path(P + "status.<filekind:kind>", page.download, name="status_file"),
    path(P + "<int:snapshot_id>/", page.snapshot, name="status_snapshot"),
    path(P + "<int:snapshot_id>/status.<filekind:kind>", page.download, name="status_snapshot_file"),
    path(P + "<int:snapshot_id>/now/", page.compare, name="status_compare_now"),
    path(P + "<int:snapshot_id>/<int:other_id>/", page.compare, name="status_compare"),
]
