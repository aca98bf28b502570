"""s3:// as a landing place: any S3-compatible store, here moto's server. New objects only, and nothing on the disk."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from engines import new_prefix, session_for
from moto.server import ThreadedMotoServer
from pyarrow import fs

from strata.areas.learning.sample import write_learning_sample
from strata.errors import StrataError, UsageError
from strata.intake.results import Loaded
from strata.session import Session

SECRET = "a-secret-that-nobody-may-see"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def store(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> fs.S3FileSystem:
    """The store, with a bucket of the test's own that is named after nothing."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    monkeypatch.setenv("AWS_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("STRATA_SUBJECT_KEY", "the key of these tests")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "127.0.0.1")
    made = fs.S3FileSystem(
        endpoint_override=endpoint.removeprefix("http://"),
        scheme="http",
        region="eu-central-1",
        allow_bucket_creation=True,
        allow_bucket_deletion=True,
    )
    made.create_dir("lake")
    made.delete_dir_contents("lake")
    return made


@pytest.fixture(params=["duckdb", "postgres"])
def session(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    if request.param == "postgres":
        request.getfixturevalue("postgres_server")
    return session_for(request.param, tmp_path / "w", tmp_path / "landing", monkeypatch, prefix=new_prefix())


def put(store: fs.S3FileSystem, key: str, content: bytes) -> None:
    with store.open_output_stream(f"lake/{key}") as stream:
        stream.write(content)


def event(number: int, **fields: Any) -> bytes:
    record = {
        "learner_id": "learner_4711",
        "event_type": "error",
        "event_id": f"e{number}",
        "session_id": "s",
        "timestamp": "2025-09-05T10:30:00Z",
        "data": None,
        "metadata": None,
        "version": "1.0",
    }
    return json.dumps(record | fields).encode() + b"\n"


def load(session: Session, address: str) -> list[Loaded]:
    return session.load(session.files([Path(address)]), lambda item: None)


def test_objects_of_the_specified_layout_come_in_and_only_new_ones_are_fetched(
    store: fs.S3FileSystem, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = write_learning_sample(tmp_path / "made", last_day=date(2025, 9, 5), events=300, days=2)
    root = tmp_path / "made" / "learning" / "raw_events"
    for file in made.files:
        put(store, str(file.relative_to(root)), file.read_bytes())
    put(store, "events/2025/09/05/_half_written.parquet", b"nothing yet")
    put(store, "elsewhere/notes.parquet", b"of no table")
    loaded = load(session, "s3://lake")
    assert len(loaded) == len(made.files)
    assert sum(item.counts.loaded for item in loaded) == made.records
    with session.warehouse() as warehouse:
        relation = session.contracts["learning", "raw_events"].relation
        paths = {path for (path,) in warehouse.execute(f"select distinct s3_path from {relation}")}
    assert "events/2025/09/05/events_1.parquet" in paths
    # Fetching again would fail now; what is known is not fetched.
    shutil.rmtree(tmp_path / "made")
    again = session.files([Path("s3://lake/events")])
    monkeypatch.setattr(type(again[0]), "content", property(lambda self: pytest.fail("was fetched")))
    assert [item.known_as is not None for item in session.load(again, lambda item: None)] == [True] * len(loaded)


def test_a_changed_object_is_a_new_one_and_a_copied_one_changes_nothing(
    store: fs.S3FileSystem, session: Session
) -> None:
    put(store, "events/2025/09/05/a.ndjson", event(1))
    assert [item.counts.loaded for item in load(session, "s3://lake/events/2025")] == [1]
    put(store, "events/2025/09/05/a.ndjson", event(1) + event(2))
    put(store, "learning/raw_events/b.ndjson", event(1))
    loaded = {item.file.name: item for item in load(session, "s3://lake")}
    assert loaded["events/2025/09/05/a.ndjson"].counts.loaded == 2
    assert loaded["learning/raw_events/b.ndjson"].known_as == 1


def test_an_object_leaves_no_copy_on_the_disk(store: fs.S3FileSystem, session: Session, tmp_path: Path) -> None:
    put(
        store,
        "events/2025/09/05/a.ndjson",
        event(1, data={"page": "/kept", "name": "jane@canary.org"}) + b"jane@canary.org\n",
    )
    put(store, "events/2025/09/05/b.parquet", b"PAR1 jane@canary.org " * 100_000)
    load(session, "s3://lake")
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert [file for file in files if b"jane@canary.org" in file.read_bytes()] == []


def test_the_address_of_an_object_that_may_name_a_person_is_not_stored_and_still_known(
    store: fs.S3FileSystem, session: Session
) -> None:
    put(store, "learning/raw_events/jane.canary/learner_4711.ndjson", event(1))
    [first] = load(session, "s3://lake")
    [again] = load(session, "s3://lake")
    assert (first.counts.loaded, again.known_as) == (1, first.batch_id)
    with session.warehouse() as warehouse:
        objects, raw = warehouse.ops("objects"), session.contracts["learning", "raw_events"].relation
        [(uri,)] = warehouse.execute(f"select object_uri from {objects}")
        [(path,)] = warehouse.execute(f"select s3_path from {raw}")
        assert uri == f"s3://lake/{path}"
        assert [word for word in ("jane", "canary", "4711") if word in uri] == []
        # As a warehouse of an older version has it.
        warehouse.execute(f"update {objects} set object_uri = ?", [first.file.uri])
    assert [item.known_as for item in load(session, "s3://lake")] == [first.batch_id]


@pytest.mark.parametrize("address", ["s3://nobody-has-this-bucket/events", "s3://lake/events/2030"])
def test_what_cannot_be_read_is_said_without_a_secret(
    store: fs.S3FileSystem, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    session = session_for("duckdb", tmp_path, tmp_path / "landing", monkeypatch)
    with pytest.raises(StrataError) as said:
        session.files([Path(address)])
    assert SECRET not in str(said.value)
    with pytest.raises(UsageError):
        session.files([Path("s3://")])
