"""The strict parser: RFC 8259, unique keys, numbers that a double holds, text that every engine holds."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hostile.reference import NotStrictError, strict_json
from hypothesis import given
from hypothesis import strategies as st

from strata.door.strict_json import MAX_DEPTH, StrictJsonError, parse

REFUSED = {
    "invalid_json": [
        "", " ", "{", "}", "[1,]", '{"a":1,}', "[,1]", "{'a':1}", "{a:1}", "NaN", "[Infinity]", "-Infinity", "01",
        "-01",
        "+1", ".5", "1.", "1e", "0x1", "1_0", '"\t"', '"\x00"', '"\\x41"', '"\\u12"', '"\\', "tru", "None", "1 2",
        "[1] x",
        "// a", "/* a */ 1", "\ufeff1", "\u00a01", '"a', "\v1", "[1 2]", '{"a" 1}', '{"a":}', "{1:2}", "undefined",
    ],
    "duplicate_key": ['{"a":1,"a":1}', '{"a":1,"A":2}', '[{"x":{"b":1,"b":2}}]', '{"a":1,"\\u0061":2}', '{"":1,"":2}'],
    "number_overflow": ["1e400", "-1e400", "[1e999]", "1" + "0" * 309, "1" + "0" * 5000, "1.7976931348623159e308"],
    "nul_character": ['"\\u0000"', '{"a\\u0000":1}', '["a\\u0000b"]'],
    "lone_surrogate": ['"\\ud800"', '"\\udc00\\ud800"', '{"\\ud800":1}', '"\\ud83d\\ud83d\\ude00"'],
    "nested_too_deep": ["[" * 65 + "]" * 65, '{"a":' * 65 + "1" + "}" * 65, "[" * 100_000,
    "[" * 100_000 + "]" * 100_000],
}  # fmt: skip


@pytest.mark.parametrize(("reason", "text"), [(reason, text) for reason, texts in REFUSED.items() for text in texts])
def test_what_is_refused(reason: str, text: str) -> None:
    with pytest.raises(StrictJsonError) as caught:
        parse(text)
    assert caught.value.reason == reason
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize(
    "text",
    ["0", "-0", "1e308", "1" + "0" * 308, "4.9e-324", "1e-400", '"\\ud83d\\ude00"', '"\\u001f"', '"\x7f"',
     '"\\\\u0000"',
     '{"a":{"a":1}}', '[{"a":1},{"a":1}]', " [ ] ", '""', '"\ufeff"', "\t\r\n1\n", "[" * 64 + "]" * 64, '"[[[["'],
)  # fmt: skip
def test_what_is_json(text: str) -> None:
    assert parse(text) == json.loads(text)


def test_depth_counts_levels_and_not_brackets() -> None:
    assert len(parse("[" + "[]," * 500 + "[]]")) == 501
    assert parse("[" * MAX_DEPTH + "]" * MAX_DEPTH)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=8,
)


@given(JSON, st.booleans(), st.data())
def test_agrees_with_the_reference(value: Any, ascii_only: bool, data: st.DataObject) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    spot = data.draw(st.integers(0, len(text)))
    text = (
        text[:spot] + data.draw(st.sampled_from(["", "", ",", '"', "\\", "0", "e", "}", "\\u0000", "-"])) + text[spot:]
    )
    assert outcome(parse, text) == outcome(strict_json, text)


def outcome(parser: Any, text: str) -> Any:
    try:
        return repr(parser(text))
    except (StrictJsonError, NotStrictError):
        return StrictJsonError
