"""What the door takes of product records. The contracts of the area ``product`` set the same limits."""

from __future__ import annotations

from datetime import UTC, datetime

# The seed product_event_types holds the same list.
EVENT_TYPES = ("track", "page", "identify", "screen", "group", "alias")

# Longest texts, in characters.
ID_CHARACTERS = 200
NAME_CHARACTERS = 128
UNIT_CHARACTERS = 32
URL_CHARACTERS = 2_000
DESCRIPTION_CHARACTERS = 2_000
# Tags become part of keys: this is their canonical JSON text, all tags of a metric together.
TAGS_CHARACTERS = 500
# The JSON text of properties, of context and of a funnel's steps, each. A line of the door holds a megabyte.
JSON_CHARACTERS = 65_536
# Objects and lists inside each other, properties or context itself included. The record is one level more.
JSON_DEPTH = 63

# Ids that the warehouse makes begin so.
RESERVED_PREFIX = "strata:"
# A metric's value lies between this and its negative, both included.
LARGEST_VALUE = 1e16
# Instants: the first that is taken, and the first that no longer is.
FIRST_INSTANT = datetime(2000, 1, 1, tzinfo=UTC)
END_OF_INSTANTS = datetime(2101, 1, 1, tzinfo=UTC)
# A funnel without steps withdraws the one of its id.
FUNNEL_STEPS = 20
