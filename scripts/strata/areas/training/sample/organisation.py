"""The organisation of the sample: regions down to teams, their time zones, and how all that changes over time."""

from __future__ import annotations

import csv
import io
import math
from dataclasses import dataclass
from datetime import date, timedelta

COLUMNS = ("region_id", "country_id", "branch_id", "team_id", "timezone", "valid_from", "valid_to")
FOUNDED = date(2019, 1, 1)
TEAMS_PER_BRANCH = "ABC"
SATURDAY, SUNDAY, FRIDAY = 6, 7, 5


@dataclass(frozen=True)
class Country:
    """A country: its branches take the time zones in turn. Weekend days are ISO (Monday is 1)."""

    region_id: str
    country_id: str
    timezones: tuple[str, ...]
    holidays: tuple[tuple[int, int], ...]
    weekend: tuple[int, ...] = (SATURDAY, SUNDAY)


@dataclass(frozen=True)
class Place:
    """A row of org_scope: where a team stands from a day on, until the day before ``valid_to``."""

    region_id: str
    country_id: str
    branch_id: str
    team_id: str
    timezone: str
    valid_from: date
    valid_to: date | None = None

    def row(self) -> tuple[str, ...]:
        """The place in the order of ``COLUMNS``, as the CSV holds it."""
        return (
            self.region_id, self.country_id, self.branch_id, self.team_id, self.timezone,
            self.valid_from.isoformat(), self.valid_to.isoformat() if self.valid_to else "",
        )  # fmt: skip


@dataclass(frozen=True)
class Team:
    """A team with the places it had, one after the other. ``sibling`` is the index of a team of the same branch."""

    places: tuple[Place, ...]
    sibling: int
    is_known: bool = True


# Half-hour and quarter-hour zones, zones with and without summer time, weekends that are not Saturday and Sunday.
COUNTRIES = (
    Country("EMEA", "DE", ("Europe/Berlin",), ((1, 1), (5, 1), (10, 3), (12, 25), (12, 26))),
    Country("EMEA", "GB", ("Europe/London",), ((1, 1), (5, 4), (8, 31), (12, 25), (12, 28))),
    Country("EMEA", "SA", ("Asia/Riyadh",), ((2, 22), (9, 23)), (FRIDAY, SATURDAY)),
    Country("EMEA", "ZA", ("Africa/Johannesburg",), ((1, 1), (4, 27), (9, 24), (12, 16), (12, 25))),
    Country("APAC", "IN", ("Asia/Kolkata",), ((1, 26), (8, 15), (10, 2), (11, 9)), (SUNDAY,)),
    Country("APAC", "NP", ("Asia/Kathmandu",), ((4, 14), (9, 19), (10, 21)), (SATURDAY,)),
    Country("APAC", "KR", ("Asia/Seoul",), ((1, 1), (3, 1), (5, 5), (8, 15), (10, 3), (10, 9), (12, 25))),
    Country("APAC", "JP", ("Asia/Tokyo",), ((1, 1), (2, 11), (4, 29), (5, 3), (8, 11), (11, 3), (11, 23))),
    Country("APAC", "AU", ("Australia/Sydney", "Australia/Adelaide"), ((1, 1), (1, 26), (4, 25), (12, 25))),
    Country("AMER", "US", ("America/New_York", "America/Chicago", "America/Los_Angeles"),
            ((1, 1), (5, 25), (7, 4), (9, 7), (11, 26), (12, 25))),
    Country("AMER", "CA", ("America/Toronto", "America/St_Johns"), ((1, 1), (7, 1), (9, 7), (12, 25), (12, 26))),
    Country("AMER", "BR", ("America/Sao_Paulo",), ((1, 1), (4, 21), (9, 7), (11, 15), (11, 20), (12, 25))),
)  # fmt: skip

# Teams that people already work in and that master data does not know yet: their records are out of scope until the
# corrected organisation is loaded. The same for every size and seed, so that it can be written on its own.
UNKNOWN_PLACES = (
    Place("APAC", "IN", "IN-01", "IN-01-N", "Asia/Kolkata", FOUNDED),
    Place("AMER", "CA", "CA-01", "CA-01-N", "America/St_Johns", FOUNDED),
)


def build_teams(users: int, first_day: date, days: int) -> list[Team]:
    """All teams, the unknown ones last.

    Branches grow with the square root of the users: more people mean more and larger teams (2,500 users: 144 teams).
    Of the teams a few move to another branch, open or close within the period; each such day lies in its middle.
    """
    branches = min(24, max(2, round(4 * math.sqrt(users / 2500))))
    teams: list[Team] = []
    for country in COUNTRIES:
        for branch in range(branches):
            for letter in range(len(TEAMS_PER_BRANCH)):
                places = _places(len(teams), country, branch, letter, branches, first_day, days)
                sibling = len(teams) + (1 if letter + 1 < len(TEAMS_PER_BRANCH) else -1)
                teams.append(Team(places, sibling))
    for place in UNKNOWN_PLACES:
        sibling = next(index for index, team in enumerate(teams) if team.places[0].branch_id == place.branch_id)
        teams.append(Team((place,), sibling, is_known=False))
    return teams


def _places(
    number: int, country: Country, branch: int, letter: int, branches: int, first_day: date, days: int
) -> tuple[Place, ...]:
    def place(branch_number: int, valid_from: date, valid_to: date | None) -> Place:
        branch_number %= branches
        return Place(
            country.region_id,
            country.country_id,
            f"{country.country_id}-{branch_number + 1:02d}",
            f"{country.country_id}-{branch + 1:02d}-{TEAMS_PER_BRANCH[letter]}",
            country.timezones[branch_number % len(country.timezones)],
            valid_from,
            valid_to,
        )

    # A third of the period passes before anything changes, and a third after it.
    change = first_day + timedelta(days=days // 3 + number * 7 % max(1, days // 3))
    match number % 36:
        case 7:
            return place(branch, FOUNDED, change), place(branch + 1, change, None)
        case 16:
            return (place(branch, change, None),)
        case 29:
            return (place(branch, FOUNDED, change),)
        case _:
            return (place(branch, FOUNDED, None),)


def csv_text(places: list[Place]) -> str:
    """The places as CSV with a header and ``\\n`` line ends."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(place.row() for place in places)
    return out.getvalue()
