from portal.accounts.sample import DATAMAP
from portal.accounts.sample.schema import metadata
from portal.accounts.sql.datamap import DataMap


def test_every_column_that_rows_are_found_by_has_an_index() -> None:
    for part in DataMap.load(DATAMAP).parts:
        column = metadata.tables[part.table].c[part.by]
        assert column.primary_key or column.index, f"{part.table}.{part.by}"


def test_every_column_that_values_are_sought_in_has_an_index() -> None:
    for value in DataMap.load(DATAMAP).values:
        for place in value.places:
            table, _, column = place.partition(".")
            assert metadata.tables[table].c[column].index or metadata.tables[table].c[column].unique


def test_every_reference_is_a_foreign_key() -> None:
    for table in metadata.tables.values():
        for column in table.c:
            if column.name.endswith("_id"):
                assert column.foreign_keys, f"{table.name}.{column.name}"
