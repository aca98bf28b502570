"""Rejections as they are kept: the reasons, and apart from them the records, which may hold restricted text."""

from __future__ import annotations

import base64
import shutil
from pathlib import Path

from strata.contract import Contract
from strata.door.files import DataFile
from strata.door.screen import REJECTIONS
from strata.errors import UnreadableFileError

_KEPT_WHOLE_BYTES = 1 << 20
# What these say of a file may quote it.
_QUOTING = {
    "bad_header": "The columns are not those of the contract.",
    "broken_compression": "The file cannot be decompressed to its end. Send it again.",
    "broken_parquet": "The file cannot be read as Parquet.",
    "invalid_utf8": "The file is not valid UTF-8.",
}

RECORDS = f"select ?::bigint as batch_id, line_number, record, record_encoding from {REJECTIONS} order by line_number"


def rejections(contract: Contract) -> str:
    """SQL for the rows of ``ops.rejections`` of one file; wants batch, area, table, file name and instant."""
    return (
        "select ?::bigint as batch_id, line_number, ?::varchar as area, ?::varchar as table_name, "
        f"?::varchar as file_name, {_record_id(contract)} as record_id, code, column_name, reason, message, reasons, "
        f"null::bigint as replayed_in_batch, ?::timestamp as rejected_at from {REJECTIONS} order by line_number"
    )


def _record_id(contract: Contract) -> str:
    """SQL for the id of a rejected record where it can be read: one UUID, of a record that names no person."""
    key = contract.column(contract.key[0]) if len(contract.key) == 1 else None
    if key is None or key.data_type != "uuid" or contract.is_private:
        return "null::uuid"
    # A record of Parquet stands under the names of columns.
    paths = {"$." + ".".join(key.path), f"$.{key.name}"}
    values = ", ".join(f"try(json_extract_string(record, '{path}'))" for path in sorted(paths))
    return f"try_cast(coalesce({values}) as uuid)"


def kept_file(file: DataFile, digest: str, folder: Path) -> tuple[str, str]:
    """A file that cannot be read, kept whole: in base64, or as a copy below a folder; and which of the two."""
    with file.raw() as source:
        if file.stat().size <= _KEPT_WHOLE_BYTES:
            return base64.b64encode(source.read()).decode("ascii"), "base64"
        (folder / "rejected").mkdir(parents=True, exist_ok=True)
        with (folder / "rejected" / digest).open("wb") as target:
            shutil.copyfileobj(source, target)
    return f"rejected/{digest}", "file"


def unquoted(error: UnreadableFileError) -> UnreadableFileError:
    """The same reason in a sentence that quotes nothing of the file."""
    return UnreadableFileError(error.reason, _QUOTING.get(error.reason, str(error)))
