"""Opening the store. What the pragmas are was measured: at a million tasks each other choice costs."""

from pathlib import Path

import apsw

from flower_monitor.exceptions import StoreBroken, StoreUnavailable

#: Version of schema.sql. Migrations start from what `meta` says.
SCHEMA_VERSION = 1

#: The writer's page cache in KiB: the upper levels of six trees. 4 MiB costs 10 % more work, 32 gains nothing.
WRITER_CACHE = 16384

#: A reader's: what one page of results walks.
READER_CACHE = 4096

#: Milliseconds to wait for a lock: only a checkpoint or an opening ever holds one.
BUSY_TIMEOUT = 5000


def writer(path: Path) -> apsw.Connection:
    """The one connection that writes; makes the schema when the file is new."""
    connection = apsw.Connection(str(path))
    connection.set_busy_timeout(BUSY_TIMEOUT)
    for pragma in (
        "page_size=8192",
        "journal_mode=wal",
        "synchronous=normal",
        f"cache_size=-{WRITER_CACHE}",
        "temp_store=memory",
        # The checkpoint has its own thread (store/checkpoint.py); this is the net below it.
        "wal_autocheckpoint=50000",
        "journal_size_limit=67108864",
    ):
        connection.execute(f"pragma {pragma}").fetchall()
    if not connection.execute("select 1 from sqlite_schema").fetchall():
        create(connection)
    return connection


def create(connection: apsw.Connection) -> None:
    """Make the tables of schema.sql, all or none."""
    from importlib import resources  # once in a store's life

    schema = resources.files("flower_monitor.store").joinpath("schema.sql").read_text()
    with connection:
        connection.execute(schema)
        connection.execute(
            "insert into meta values ('schema_version', ?), ('created', unixepoch('subsec'))", (SCHEMA_VERSION,)
        )


def verify(connection: apsw.Connection) -> None:
    """StoreBroken unless this is a store that this version understands; CorruptError when it can't be read."""
    # `meta` alone says that it is ours; the counts walk the root of each tree that a start needs.
    try:
        version = connection.execute("select value from meta where key = 'schema_version'").get
    except apsw.SQLError as error:
        raise StoreBroken("it is a database of something else") from error
    if version != SCHEMA_VERSION:
        raise StoreBroken(f"its version is {version}, this program's is {SCHEMA_VERSION}")
    for table in ("task", "name", "worker", "counter", "tally"):
        connection.execute(f"select * from {table} limit 1").fetchall()  # noqa: S608 - constants


def reader(path: Path) -> apsw.Connection:
    """A connection that can't write; it never makes the file. It waits for no writer, and no writer for it."""
    try:
        connection = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READONLY)
        connection.set_busy_timeout(BUSY_TIMEOUT)
        connection.execute(f"pragma cache_size=-{READER_CACHE}").fetchall()
        verify(connection)
    except (apsw.Error, StoreBroken) as error:
        raise StoreUnavailable(f"the store {path} can't be read: {error}") from error
    return connection
