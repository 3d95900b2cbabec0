"""The scheduled deployment: `warwire serve`, and what prefect.yaml deploys."""

from __future__ import annotations

from typing import Any

from flows.build import build_warehouse
from flows.settings import OPTIONS, Settings


def parameters_of(settings: Settings) -> dict[str, Any]:
    """The flow's parameters, as JSON takes them."""
    options = {option.name: option.write(getattr(settings, option.name)) for option in OPTIONS}
    return {"inputs": list(settings.inputs), "warehouse": str(settings.warehouse), **options}


def serve(settings: Settings) -> None:
    """Run the flow on the settings' cron until stopped; needs a Prefect server (PREFECT_API_URL) to be there."""
    build_warehouse.serve(name="warwire", cron=settings.cron, parameters=parameters_of(settings), limit=1)
