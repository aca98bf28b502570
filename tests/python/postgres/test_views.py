"""Views on PostgreSQL are replaced in place: who reads them never finds them gone."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from engines import new_prefix, session_for

from strata.dbt_runner import run_dbt
from strata.session import Session

_VIEWS = ["stg_training__org_scope", "stg_training__out_of_scope"]


def run(session: Session, *names: str) -> None:
    nodes = run_dbt(session.settings, ["run", "--select", *(names or ["path:models/training/staging"])], lambda _: None)
    assert [(node.name, node.message) for node in nodes if node.is_bad] == []


def query(session: Session, sql: str) -> list[tuple[object, ...]]:
    with session.warehouse() as warehouse:
        return warehouse.execute(sql.format(s=session.settings.schema("staging_training")))


def views(session: Session) -> dict[object, tuple[object, ...]]:
    """Number, kind and columns of both views by name."""
    rows = query(
        session,
        "select c.relname, c.oid::bigint, c.relkind::text, array_agg(a.attname::text order by a.attnum)::text "
        "from pg_class as c join pg_attribute as a on a.attrelid = c.oid "
        f"where c.relnamespace = '{{s}}'::regnamespace and c.relname in {tuple(_VIEWS)} and a.attnum > 0 "
        "group by 1, 2, 3",
    )
    return {name: rest for name, *rest in rows}  # type: ignore[misc]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory, postgres_server: None) -> Iterator[Session]:
    """A warehouse whose staging was built once; every test leaves it built."""
    folder = tmp_path_factory.mktemp("views")
    with pytest.MonkeyPatch.context() as patch:
        made = session_for("postgres", folder, folder / "landing", patch, prefix=new_prefix())
        assert run_dbt(made.settings, ["seed"], lambda _: None)
        run(made)
        yield made


def test_a_run_leaves_views_where_they_are(session: Session) -> None:
    before = views(session)
    assert before.keys() == set(_VIEWS)
    assert {kind for _, kind, _ in before.values()} == {"v"}
    run(session)
    assert views(session) == before


@pytest.mark.parametrize(
    "was",
    [
        "create view {s}.stg_training__org_scope as select 1 as something_else",
        "create table {s}.stg_training__org_scope as select 1 as something_else",
        "create view {s}.stg_training__org_scope as select cast(1 as bigint) as scope_id, 2 as more, 3 as and_more",
    ],
)
def test_what_cannot_stay_is_made_anew(session: Session, was: str) -> None:
    before = views(session)
    query(session, "drop view {s}.stg_training__org_scope cascade")
    query(session, was)
    run(session)
    after = views(session)
    assert [rest[1:] for rest in after.values()] == [rest[1:] for rest in before.values()]


def test_a_view_that_is_made_anew_takes_its_readers_along_and_the_run_brings_them_back(session: Session) -> None:
    before = views(session)
    query(session, "alter view {s}.stg_training__org_scope rename column region_id to region_name")
    run(session)
    after = views(session)
    assert after.keys() == before.keys()
    assert [rest[1:] for rest in after.values()] == [rest[1:] for rest in before.values()]
