"""Figures for a monitoring system, in the text format of Prometheus."""

import ipaddress
import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from mscc import clock
from mscc.web.requests import client_ip
from scheduling.domain.queries.metrics import Metric, metrics

_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@login_not_required
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """For this machine itself, or for whoever shows METRICS_TOKEN; 404 for anybody else."""
    if not (_is_here(request) or _shows_the_token(request)):
        return HttpResponse(status=404)
    found = "".join(_lines(each) for each in metrics(clock.now()))
    return HttpResponse(found, content_type=_TYPE)


def _is_here(request: HttpRequest) -> bool:
    # Both: a proxy on this machine must not open it to the world, nor a header from elsewhere.
    addresses = (str(request.META.get("REMOTE_ADDR") or ""), client_ip(request))
    try:
        return all(ipaddress.ip_address(each).is_loopback for each in addresses) and (
            "X-Forwarded-For" not in request.headers or bool(settings.TRUSTED_PROXIES)
        )
    except ValueError:
        return False


def _shows_the_token(request: HttpRequest) -> bool:
    wanted = settings.METRICS_TOKEN
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(wanted) and secrets.compare_digest(shown.encode(), wanted.encode())


def _lines(metric: Metric) -> str:
    head = f"# HELP {metric.name} {metric.help}\n# TYPE {metric.name} gauge\n"
    return head + "".join(
        f"{metric.name}{_labels(labels)} {value:g}\n" for labels, value in metric.values
    )


def _labels(labels: dict[str, str]) -> str:
    if not labels:
        return ""
    said = (f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return "{" + ",".join(said) + "}"


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
