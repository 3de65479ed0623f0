from portal.accounts.sample import DATAMAP
from portal.accounts.sample.schema import metadata
from portal.accounts.sql.datamap import DataMap, Whose


def test_every_column_that_rows_are_found_by_has_an_index() -> None:
    for part in DataMap.load(DATAMAP).parts:
        column = metadata.tables[part.table].c[part.by]
        assert column.primary_key or column.index, f"{part.table}.{part.by}"


def test_every_copy_of_a_number_is_sought_when_its_account_closes() -> None:
    parts = DataMap.load(DATAMAP).parts
    sought = {(part.table, part.by) for part in parts if part.whose is Whose.NUMBER}
    tables = metadata.tables.values()
    assert sought == {(t.name, c.name) for t in tables for c in t.c if c.name.endswith("_phone")}


def test_every_reference_is_a_foreign_key() -> None:
    for table in metadata.tables.values():
        for column in table.c:
            if column.name.endswith("_id"):
                assert column.foreign_keys, f"{table.name}.{column.name}"
