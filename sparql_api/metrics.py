"""The address `/metrics`: what the server did and does, for Prometheus."""

import shutil
import time
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from itertools import accumulate

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from starlette.responses import Response

from sparql_api.dispatch.pool import Pool
from sparql_api.errors import NoRelease
from sparql_api.visit import Visit

router = APIRouter()

_BUCKETS = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)  # seconds


class Meters(Collector):
    """What is counted while it happens: plain numbers, made into metrics when somebody asks."""

    def __init__(self, pool: Pool) -> None:
        self._requests: Counter[int] = Counter()
        self._queries: Counter[str] = Counter()
        self._buckets = [0] * (len(_BUCKETS) + 1)
        self._seconds = 0.0
        self._bytes = 0
        self._registry = CollectorRegistry()
        self._registry.register(self)
        self._registry.register(_State(pool))

    def count(self, visit: Visit, status: int) -> None:
        """Counts a request that has ended."""
        self._requests[status] += 1
        if visit.outcome:
            self._queries[visit.outcome] += 1
            self._bytes += visit.bytes
            if visit.seconds:
                self._buckets[bisect_left(_BUCKETS, visit.seconds)] += 1
                self._seconds += visit.seconds

    def collect(self) -> Iterator[Metric]:
        """Called by the registry."""
        requests = CounterMetricFamily(
            "stadtwissen_requests", "Answered requests.", labels=["status"]
        )
        for status, number in self._requests.items():
            requests.add_metric([str(status)], number)
        yield requests
        queries = CounterMetricFamily(
            "stadtwissen_queries", "Queries by how they ended.", labels=["outcome"]
        )
        for outcome, number in self._queries.items():
            queries.add_metric([outcome], number)
        yield queries
        yield CounterMetricFamily(
            "stadtwissen_answer_bytes", "Bytes of answers to queries.", self._bytes
        )
        limits = [*map(str, _BUCKETS), "+Inf"]
        yield HistogramMetricFamily(
            "stadtwissen_query_seconds",
            "Seconds that queries ran in a worker.",
            buckets=list(zip(limits, accumulate(self._buckets), strict=True)),
            sum_value=self._seconds,
        )

    def write(self) -> bytes:
        """All of it in Prometheus' text format."""
        return generate_latest(self._registry)


class _State(Collector):
    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    def collect(self) -> Iterator[Metric]:
        pool = self._pool
        workers = GaugeMetricFamily(
            "stadtwissen_workers", "Places for queries and who is in them.", labels=["state"]
        )
        for state, number in pool.state.items():
            workers.add_metric([state], number)
        yield workers
        yield CounterMetricFamily(
            "stadtwissen_workers_killed", "Workers ended before their answer was.", pool.killed
        )
        yield CounterMetricFamily(
            "stadtwissen_budget_refusals", "Queries over a client's budget.", pool.budget.refused
        )
        yield CounterMetricFamily("stadtwissen_cache_hits", "From the cache.", pool.cache.hits)
        yield CounterMetricFamily("stadtwissen_cache_misses", "Not in it.", pool.cache.misses)
        yield GaugeMetricFamily("stadtwissen_cache_bytes", "What it holds.", pool.cache.bytes)
        yield from self._release()
        yield GaugeMetricFamily(
            "stadtwissen_disk_free_bytes",
            "Free where the releases live.",
            shutil.disk_usage(pool.home.path).free,
        )

    def _release(self) -> Iterator[Metric]:
        try:
            release = self._pool.current.release
        except NoRelease:
            return
        created = datetime.fromisoformat(str(release.manifest["created"])).timestamp()
        yield GaugeMetricFamily(
            "stadtwissen_release_age_seconds", "Age of the live release.", time.time() - created
        )
        yield GaugeMetricFamily(
            "stadtwissen_release_triples", "Its statements.", int(release.manifest["triples"])
        )


@router.api_route("/metrics", methods=["GET", "HEAD"])
async def metrics(request: Request) -> Response:
    """Counters and gauges in Prometheus' text format; they name no client and no query."""
    meters: Meters = request.app.state.meters
    return Response(
        meters.write(),
        headers={"Content-Type": CONTENT_TYPE_LATEST, "Cache-Control": "no-store"},
    )
