"""`/metrics` for Prometheus: the engine's numbers, behind a token of the operator's. No person and no program in it."""

import platform
from collections.abc import Iterator

import django
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import Error, connection
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from core import clock
from core.patience import patience
from core.version import VERSION
from reminders.selectors.measures import gauges, totals

PREFIX = "roadmap90_"
PATIENCE_SECONDS = 5


class EngineCollector(Collector):
    """Turns what is read from the database at the moment of the request into metric families."""

    def collect(self) -> Iterator[Metric]:
        """Yield every family; the counters are sums over all processes, kept in the database."""
        for gauge in gauges(clock.now()):
            family = GaugeMetricFamily(PREFIX + gauge.name, gauge.help, labels=gauge.labels)
            for values, number in gauge.values.items():
                family.add_metric(list(values), float(number))
            yield family
        done = CounterMetricFamily(f"{PREFIX}done", "What passes of the engine have done, by what.", labels=("what",))
        for name, count in sorted(totals().items()):
            done.add_metric([name], count)
        yield done
        build = {
            "version": VERSION,
            "python": platform.python_version(),
            "django": django.get_version(),
            "database": connection.vendor,
        }
        yield InfoMetricFamily(f"{PREFIX}build", "What runs here.", value=build)


@require_safe
@login_not_required
@never_cache
def prometheus(request: HttpRequest) -> HttpResponse:
    """Answer 200 with the metrics, 404 when no token is set, 401 for a wrong one, 503 without a database.

    A registry per request: nothing is kept in the process, so that any number of processes tell the same.
    """
    token = settings.METRICS_TOKEN
    if not token:
        raise Http404
    if not constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {token}"):
        return HttpResponse("A bearer token is needed.\n", status=401, headers={"WWW-Authenticate": "Bearer"})
    registry = CollectorRegistry(auto_describe=False)
    registry.register(EngineCollector())
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    try:
        with patience(PATIENCE_SECONDS):
            return HttpResponse(encode(registry), content_type=content_type)
    except Error:
        return HttpResponse("The database does not answer.\n", status=503, content_type="text/plain; charset=utf-8")
