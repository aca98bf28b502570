"""Objects of an S3-compatible store: listed, and those that are new are read without a copy on the disk.

Credentials, region and endpoint come from the usual variables: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
AWS_SESSION_TOKEN, AWS_PROFILE, AWS_REGION or AWS_DEFAULT_REGION, AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL.
"""

from __future__ import annotations

import io
import os
import re
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from strata.contract import Contract
from strata.door.files import NAME, Bytes, DataFile, FileStat
from strata.door.identifiers import SubjectKey
from strata.door.screen import Counts
from strata.errors import StrataError, UsageError
from strata.intake.intake import Intake
from strata.intake.results import Loaded
from strata.settings import subject_key
from strata.warehouse.base import Warehouse

_SCHEME = re.compile(r"^s3:/+")
_DAY = re.compile(r"\d{4}/\d{2}/\d{2}")


@dataclass(frozen=True)
class ObjectFile(DataFile):
    """One object. Its content is fetched when it is first asked for, and kept in memory until it is released."""

    uri: str = ""
    store: Any = None
    listed: FileStat = field(default_factory=lambda: FileStat(0, ""))

    @cached_property
    def content(self) -> bytes:
        """The bytes of the object."""
        with _said(self.known_uri), self.store.open_input_stream(self.uri.removeprefix("s3://")) as stream:
            content: bytes = stream.read()
        return content

    @property
    def known_uri(self) -> str:
        """The address as it is written down; of a private table without what may name a person.

        Raises:
            UsageError: that takes a key, and there is none.
        """
        if not self.contract.is_private:
            return self.uri
        return SubjectKey(subject_key()).file_name(self.uri, self.contract)

    def stat(self) -> FileStat:
        """As the store has listed it."""
        return self.listed

    def raw(self) -> AbstractContextManager[Bytes]:
        """The content, in memory."""
        return io.BytesIO(self.content)

    def release(self) -> None:
        """Let go of the content."""
        self.__dict__.pop("content", None)


def is_object_path(path: Path) -> bool:
    """Whether a path on the command line means a store."""
    return bool(_SCHEME.match(str(path)))


def find_objects(path: Path, contracts: dict[tuple[str, str], Contract]) -> list[ObjectFile]:
    """The objects below an address, in the order of their keys.

    An object belongs to the table that two neighbouring parts of its key name (``<area>/<table>/``), or whose contract
    has a ``prefix`` that a part is, with year, month and day behind it.

    Raises:
        UsageError: the address names no bucket.
        StrataError: the store cannot be listed.
    """
    from pyarrow import fs

    place = _SCHEME.sub("", str(path)).rstrip("/")
    if not place:
        raise UsageError(f"{path} names no bucket; write s3://bucket or s3://bucket/prefix.")
    with _said(f"s3://{place}"):
        store = _store()
        infos = store.get_file_info(fs.FileSelector(place, recursive=True))
    found = []
    for info in sorted(infos, key=lambda item: str(item.path)):
        key = PurePosixPath(info.path)
        contract = _contract_of(key, contracts)
        if info.type != fs.FileType.File or contract is None or not NAME.search(key.name):
            continue
        if key.name.startswith((".", "_")):
            continue
        version = FileStat(int(info.size), f"{info.size} {info.mtime_ns}")
        name = str(PurePosixPath(*key.parts[1:]))
        found.append(ObjectFile(Path(key.name), name, contract, f"s3://{info.path}", store, version))
    return found


def load_object(warehouse: Warehouse, intake: Intake, file: ObjectFile) -> Loaded:
    """Take an object in, or say in which batch this version of it came; then it is not even fetched."""
    objects, version = warehouse.ops("objects"), file.stat().version
    # Warehouses of an older version know objects of private tables by their plain addresses.
    known = warehouse.execute(
        f"select batch_id from {objects} where object_uri in (?, ?) and version = ?",
        [file.known_uri, file.uri, version],
    )
    if known:
        return Loaded(file, None, Counts(0, 0, 0), known_as=int(known[0][0]))
    try:
        # Before others ask for it, each in a thread of its own.
        _ = file.content
        loaded = intake.load(file)
    finally:
        file.release()
    # If this is not reached, the next load fetches the object once more and knows its content.
    batch = loaded.batch_id if loaded.batch_id is not None else loaded.known_as
    warehouse.execute(f"insert into {objects} values (?, ?, ?)", [file.known_uri, version, batch])
    return loaded


def _contract_of(key: PurePosixPath, contracts: dict[tuple[str, str], Contract]) -> Contract | None:
    folders = key.parts[1:-1]
    for end in range(len(folders), 1, -1):
        contract = contracts.get((folders[end - 2], folders[end - 1]))
        if contract is not None and contract.format != "none":
            return contract
    for place, folder in enumerate(folders):
        for contract in contracts.values():
            if contract.prefix == folder and _DAY.fullmatch("/".join(folders[place + 1 : place + 4])):
                return contract
    return None


def _store() -> Any:
    from pyarrow import fs

    options: dict[str, Any] = {}
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        scheme, _, host = endpoint.rpartition("://")
        options |= {"endpoint_override": host.rstrip("/"), "scheme": scheme or "https"}
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION")
    if region:
        options["region"] = region
    return fs.S3FileSystem(**options)


class _said(AbstractContextManager[None]):
    """What goes wrong with the store, as a sentence that names the object and no secret."""

    def __init__(self, uri: str) -> None:
        self._uri = uri

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError):
            why = re.search(r"AWS Error ([A-Z_]+)", str(error))
            code = f" ({why.group(1)})" if why else ""
            raise StrataError(
                f"{self._uri} cannot be read{code}. Look at its name, at AWS_ENDPOINT_URL "
                "and AWS_REGION, and at the rights of the credentials in AWS_ACCESS_KEY_ID or AWS_PROFILE."
            ) from None
