"""`GET /api/v1/settings`: the configuration that holds."""

from starlette.responses import Response

from flower_monitor.web import effective_settings
from flower_monitor.web.openapi import answers
from flower_monitor.web.responses import json_response
from flower_monitor.web.routing import Call, Nothing, Route, Routes
from flower_monitor.web.settings_shapes import SettingsBody


def routes() -> Routes:
    """The route of the settings."""
    given = answers(SettingsBody, forbidden=True, store=False)
    return [Route("/api/v1/settings", read_settings, Nothing, tag="monitor", answers=given)]


async def read_settings(call: Call[Nothing]) -> Response:
    """Every option with its value and where it was set, what is used of the Celery app, who may come in, and by what.

    Of passwords, secrets and tokens only that they are set.
    """
    context = call.context
    return json_response(effective_settings.body(context.config, context.login.known()))
