"""Sends everything that the contract allows, and much that it does not.

Answers must follow the contract, and none may be a server error.
"""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from messenger.web.guard import LINE_MAX
from tests.contract import document
from tests.world import Person, World

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    unsupported_method,
]


# The bodies of uploads are bytes, by the name that their protocol gives them.
schemathesis.serializer.alias("application/offset+octet-stream", "application/octet-stream")
schema = schemathesis.openapi.from_dict(document("openapi.json"))
"""The committed contract; another test compares it with the running application."""


@pytest.fixture
def mine(world: World) -> tuple[Person, int]:
    """Registers a person with a chat of their own."""
    me = world.person("fuzz")
    return me, me.post("/api/chats", {"kind": "saved"}, 201)["id"]


@schema.parametrize()
@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_in_the_contract(case: schemathesis.Case[Any], mine: tuple[Person, int]) -> None:
    """Sends each request twice: as it was drawn, and with the number of an existing chat."""
    me, chat_id = mine
    _ask(case, me)
    if "chat_id" in case.path_parameters:
        case.path_parameters["chat_id"] = chat_id
        _ask(case, me)


session = requests.Session()
"""The connections of all requests: one for each was a third of their price. No proxy is looked for in the variables."""
session.trust_env = False


def _ask(case: schemathesis.Case[Any], me: Person) -> None:
    bound: Any = {"base_url": me.server.url, "headers": {"Authorization": f"Bearer {me.tokens['access_token']}"}}
    session.cookies.clear()
    answer = case.call(**bound, session=session)
    if len(answer.request.path_url) > LINE_MAX:
        assert answer.status_code == 414, "no endpoint may see such a request"
    else:
        case.validate_response(answer, checks=CHECKS, transport_kwargs=bound)
