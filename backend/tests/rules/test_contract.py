"""Compares every table of `API_CONTRACT.md` with the running program."""

import asyncio
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from messenger.assembly.app import create_app
from messenger.assembly.contract import frames_document, hang
from messenger.assembly.features import FEATURES, PLATES
from messenger.assembly.variables import Variables
from messenger.doors import limits
from messenger.doors.refusals import PROBLEM, codes_of, shared_name
from messenger.features.messages.wire import MessageView, Service
from messenger.kernel.errors import catalogue
from messenger.kernel.parts import Part
from messenger.kernel.ports.socket import Closed
from messenger.web.system import limits_of
from tests.contract import check_answer
from tests.inside import inside

ROOT = Path(__file__).parents[3]
CONTRACT = (ROOT / "API_CONTRACT.md").read_text()
HIDDEN = {"GET /", "GET /api/openapi.json"}
"""Operations of the contract that OpenAPI does not describe."""
PROTOCOL_OWN = {1002, 1007}
"""Close codes of RFC 6455 for traffic that is not WebSocket."""
SECONDS = {"s": 1, "min": 60, "h": 3600}


def table(header: str, text: str = CONTRACT) -> list[list[str]]:
    """Returns the cells of the rows of the table that begins with a header."""
    after = text.partition(f"\n{header}")[2]
    assert after, f"no table “{header}”"
    rows: list[list[str]] = []
    for line in after.splitlines()[1:]:
        if not line.startswith("|"):
            break
        if not line.startswith("|---"):
            rows.append([cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|"))])
    return rows


def code_words(cell: str) -> list[str]:
    """Returns the texts between backticks."""
    return re.findall(r"`([^`]+)`", cell)


def fields(text: str) -> set[str]:
    """Returns the names of the fields in `{a, b?: {…}, c}` or `a, b (…), c`: outermost level only."""
    inner = text.strip().removeprefix("{").removesuffix("}") if text.strip().startswith("{") else text
    while (flat := re.sub(r"\([^()]*\)|\{[^{}]*\}|\[[^\[\]]*\]", "", inner)) != inner:
        inner = flat
    return {re.match(r"\W*(\w+)", part)[1] for part in inner.split(",") if re.search(r"\w", part)}  # type: ignore[index]


@pytest.fixture(scope="module")
def openapi(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Returns the application's own OpenAPI document."""
    described: dict[str, Any] = create_app(Variables(data_dir=tmp_path_factory.mktemp("data"))).openapi()
    return described


def written_operations(text: str = CONTRACT) -> dict[str, tuple[str, set[str]]]:
    """Returns auth and success statuses of each operation in the contract's table."""
    found = {}
    for operation, auth, _, answer in table("| operation |", text):
        statuses = set(re.findall(r"\b20[0-9]\b", answer)) or {"200"}
        found[code_words(operation)[0]] = (auth, statuses)
    return found


def test_operations(openapi: dict[str, Any]) -> None:
    running = {
        f"{method.upper()} {path}": (
            "user" if operation.get("security") else "-",
            {status for status in operation["responses"] if status.startswith("2")},
        )
        for path, operations in openapi["paths"].items()
        for method, operation in operations.items()
    }
    written = written_operations()
    assert {name: written.pop(name) for name in HIDDEN} == dict.fromkeys(HIDDEN, ("-", {"200"}))
    assert written == running


def test_an_operation_that_is_not_there_is_noticed() -> None:
    planted = CONTRACT.replace("| `GET /api/users` | user |", "| `GET /api/people` | user |", 1)
    assert written_operations(planted) != written_operations()


def test_auth_is_what_the_running_doors_ask_for(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            for operation, (auth, _) in written_operations().items():
                method, path = operation.split(" ")
                answer = await app.http.request(method, re.sub(r"\{\w+\}", "1", path))
                refused = answer.status_code == 401 and answer.json()["code"] == "auth.required"
                assert refused == (auth == "user"), operation

    asyncio.run(scenario())


def test_shapes(openapi: dict[str, Any]) -> None:
    for shape, cell in table("| shape |"):
        name = code_words(shape)[0]
        written = set().union(
            *(fields(part) for part in code_words(cell) if "/" not in part and not part.startswith('"'))
        )
        known = set(openapi["components"]["schemas"][name]["properties"])
        assert written == known, name


def test_parts() -> None:
    hung = {(part.name, part.of.__name__, part.form.__name__) for feature in FEATURES for part in feature.parts}
    assert {
        (code_words(part)[0], code_words(of)[0], code_words(form)[0]) for part, of, form in table("| part |")
    } == hung


def test_a_part_is_in_the_schema_of_its_view() -> None:
    schemas = frames_document()["components"]["schemas"]
    hang(schemas, [Part("mood", MessageView, Service)])
    assert schemas["MessageView"]["properties"]["parts"]["properties"]["mood"] == {
        "$ref": "#/components/schemas/Service"
    }
    for view in ("MessageView", "ChatView", "UserRead"):
        assert "parts" in schemas[view]["properties"]
        assert "parts" not in schemas[view]["required"]


def test_frames() -> None:
    document = frames_document()
    schemas = document["components"]["schemas"]

    def properties(ref: dict[str, str]) -> set[str]:
        return set(schemas[ref["$ref"].rpartition("/")[2]].get("properties", {})) if "$ref" in ref else set()

    rows = {code_words(name)[0]: (data, ack) for name, data, ack in table("| client frame |")}
    assert set(rows) == set(document["client"])
    for name, (data, ack) in rows.items():
        known = document["client"][name]
        assert fields(code_words(data)[0]) == properties(known["data"]), name
        if known["ack"] and code_words(ack)[0].startswith("{"):
            assert fields(code_words(ack)[0]) == properties(known["ack"]), name
        elif known["ack"]:
            assert known["ack"]["$ref"].endswith(f"/{code_words(ack)[0]}"), name
        else:
            assert ack.startswith("none") or ack == "`null`", name

    served = {name: cell for row in table("| server frame |") for name in code_words(row[0]) for cell in row[1:]}
    assert set(served) - {"batch", "ack", "error"} == set(document["server"])
    for name, known in document["server"].items():
        assert fields(code_words(served[name])[0]) == properties(known), name


def test_events() -> None:
    document = frames_document()
    schemas = document["components"]["schemas"]
    rows = table("| event |")
    assert {code_words(name)[0] for name, _, _ in rows} == set(document["events"])
    for name, stream, data in rows:
        known = document["events"][code_words(name)[0]]
        assert set(re.findall(r"\b(?:chat|user)\b", re.sub("[0-9]+ members", "", stream))) == set(known["streams"]), (
            name
        )
        form = known["data"]["$ref"].rpartition("/")[2]
        shown = code_words(data)
        if shown[0].startswith("{"):
            names = fields(shown[0]) | {word for word in shown[1:] if word.isidentifier()}
            assert names == set(schemas[form]["properties"]), name
        else:
            assert shown[0] == form, name


def test_close_codes() -> None:
    assert {int(code) for code, _, _ in table("| close code |")} == set(Closed)
    source = "".join(path.read_text() for path in (ROOT / "backend" / "messenger").rglob("*.py"))
    assert {int(code) for code in re.findall(r"\b(?:44\d\d|10[01]\d)(?=, \")", source)} == PROTOCOL_OWN
    assert set(re.findall(r"\bClosed\.([A-Z_]+)", source)) == {one.name for one in Closed}, "each event is sent"


def test_the_client_knows_the_close_codes_by_the_same_names() -> None:
    files = (ROOT / "frontend" / "src" / "sync").rglob("*.ts")
    source = "".join(path.read_text() for path in files if not path.name.endswith(".test.ts"))
    named = {name: int(code) for name, code in re.findall(r"const ([A-Z]+) = (44\d\d)\b", source)}
    assert named == {name: Closed[name] for name in named}
    assert {"REVOKED", "UNAUTHENTICATED"} <= named.keys()
    assert {int(code) for code in re.findall(r"\b44\d\d\b", source)} <= set(Closed)


def test_errors() -> None:
    assert FEATURES, "importing the server's modules makes every error known"
    written = {(code_words(code)[0], int(status)) for code, status in table("| code | status |")}
    assert written == {(code, error.status) for code, error in catalogue().items()}


def _refused(code: str) -> httpx.Response:
    """Returns an answer of the door of one's own account with an error."""
    status = catalogue()[code].status
    document = {"type": f"/errors/{code}", "title": "", "status": status, "code": code, "detail": "", "request_id": ""}
    request = httpx.Request("GET", "http://127.0.0.1/api/users/me")
    return httpx.Response(status, headers={"content-type": PROBLEM}, json=document, request=request)


def test_an_error_that_is_not_listed_for_its_door_is_noticed() -> None:
    check_answer(_refused("auth.token_invalid"))
    for code in ("auth.wrong_credentials", "chat.not_found", "rev.stale"):
        with pytest.raises(AssertionError, match=f"GET /api/users/me answered .*{code}"):
            check_answer(_refused(code))


def test_each_error_answer_is_described_once(openapi: dict[str, Any]) -> None:
    shared = openapi["components"]["responses"]
    named = {
        answer["$ref"].rpartition("/")[2]
        for operations in openapi["paths"].values()
        for operation in operations.values()
        for status, answer in operation["responses"].items()
        if status >= "400" and (operation["operationId"], status) != ("readyz_api_readyz_get", "503")
    }
    assert named == set(shared)
    assert {name: shared_name(answer) for name, answer in shared.items()} == {name: name for name in shared}
    assert {code for answer in shared.values() for code in codes_of(answer)} <= set(catalogue())


def test_limits(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with inside(tmp_path) as app:
            answered = await app.call("GET", "/api/server")
            assert answered["limits"] == limits_of(app.platform, PLATES)
            shown = next(row for row in table("| operation |") if "GET /api/server" in row[0])
            assert fields(code_words(shown[3])[0]) == set(answered)
            written: dict[str, int] = {}
            for names, values in table("| name | value |"):
                written |= dict(zip(code_words(names), map(int, values.split(", ")), strict=True))
            assert written == answered["limits"]

    asyncio.run(scenario())


def written_rates(text: str = CONTRACT) -> dict[str, tuple[int, int, int]]:
    """Returns burst, tokens and seconds of each bucket in the contract's table."""
    found = {}
    for bucket, burst, sustained in table("| bucket | burst |", text):
        tokens, every, unit = re.fullmatch(r"(\d+) in (\d+) (s|min|h)", sustained).groups()  # type: ignore[union-attr]
        found[code_words(bucket)[0]] = (int(burst), int(tokens), int(every) * SECONDS[unit])
    return found


def test_rates() -> None:
    buckets = [*limits.SHARED, *(bucket for plate in PLATES for bucket in plate.rates)]
    assert len({bucket.name for bucket in buckets}) == len(buckets)
    assert written_rates() == {bucket.name: tuple(bucket.rate) for bucket in buckets}
    assert written_rates(CONTRACT.replace("| 20 | 5 in 1 s |", "| 20 | 6 in 1 s |", 1)) != written_rates()
