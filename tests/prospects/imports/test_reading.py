"""Files as people have them: csv-spectrum's twelve, and the habits of spreadsheet programs."""

import json
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from prospects.imports.files import UnreadableFile, detect
from prospects.imports.reading import open_table, understand

SPECTRUM = Path(__file__).parents[2] / "data" / "csv-spectrum"


def read(path):
    file_format = detect(path)
    names, rows = open_table(path, file_format)
    return [dict(zip(names, row.cells, strict=True)) for row in rows]


def write(folder, content):
    path = folder / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("name", sorted(path.stem for path in SPECTRUM.glob("*.csv")))
def test_csv_spectrum(name):
    expected = json.loads((SPECTRUM / f"{name}.json").read_text())
    if name == "location_coordinates":
        # The package's pair disagrees with itself: one row without its list, and another phone number.
        expected = [expected | {"Contact Phone Number": "2095257564"}]

    assert read(SPECTRUM / f"{name}.csv") == expected


def test_there_are_twelve_of_them():
    assert len(list(SPECTRUM.glob("*.csv"))) == 12


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_delimiters_and_line_ends_are_found_out(tmp_path, encoding, delimiter, end):
    rows = [["Prénom", "Nom"], ["Zoé", "O'Brien, née Lefèvre; dite «\u00a0Zaza\u00a0»"], ["Léo", "Müller | fils"]]
    text = end.join(delimiter.join(f'"{cell}"' for cell in row) for row in rows) + end
    path = write(tmp_path, text.encode(encoding))

    assert read(path) == [dict(zip(rows[0], row, strict=True)) for row in rows[1:]]


def test_the_line_by_which_excel_names_its_delimiter_is_obeyed_and_counted(tmp_path):
    path = write(tmp_path, "sep=;\r\nnom;email\r\nZoé;zoe@example.test\r\n")

    _names, rows = open_table(path, detect(path))

    assert list(rows) == [(3, ["Zoé", "zoe@example.test"], "")]


def test_lines_are_those_of_the_file_whatever_is_inside_quotes(tmp_path):
    path = write(tmp_path, 'a,b\r\n1,"two\r\nlines"\r\n\r\n2,x\r\n')

    _names, rows = open_table(path, detect(path))

    assert [row.line for row in rows] == [2, 5]


def test_a_quote_that_nothing_closes_loses_no_more_than_its_own_field(tmp_path):
    rest = "".join(f"person{number},x\n" for number in range(20_000))
    path = write(tmp_path, 'a,b\nx,"open\n' + rest)

    _names, rows = open_table(path, detect(path))
    rows = list(rows)

    assert (rows[0].line, rows[0].problem) == (2, "unreadable")
    assert rows[-1].cells == ["person19999", "x"]


def test_one_column_needs_no_delimiter(tmp_path):
    assert read(write(tmp_path, "email\nzoe@example.test\n")) == [{"email": "zoe@example.test"}]


def test_a_first_line_with_an_address_is_data(tmp_path):
    file_format, names, rows = understand(write(tmp_path, "zoe@example.test;Zoé\nleo@example.test;Léo\n"))

    assert not file_format.has_header
    assert len(names) == 2
    assert [row.line for row in rows] == [1, 2]


@pytest.mark.parametrize("content", [b"", b"  \n ", b"\x81\x8d\xff\xfe nothing"])
def test_what_is_no_table_is_refused_in_words(tmp_path, content):
    path = write(tmp_path, content)

    with pytest.raises(UnreadableFile):
        detect(path)


def test_a_line_without_end_is_refused_before_it_fills_the_memory(tmp_path):
    path = write(tmp_path, "a,b\n" + "x" * (3 << 20))

    with pytest.raises(UnreadableFile):
        list(open_table(path, detect(path))[1])


def test_a_workbook_reads_as_its_cells_would_be_written(tmp_path):
    path = tmp_path / "people.xlsx"
    with xlsxwriter.Workbook(str(path), {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["email", "phone", "collected on", "at", "note"])
        sheet.write_row(2, 0, ["zoe@example.test", 33612345678])
        sheet.write_datetime(2, 2, datetime.combine(date(2026, 1, 31), datetime.min.time()))
        sheet.write_datetime(2, 3, datetime(2026, 1, 31, 10, 30))  # noqa: DTZ001 - a workbook knows no zone
        sheet.write(2, 4, 1.5)

    file_format = detect(path)
    names, rows = open_table(path, file_format)

    assert file_format.is_workbook
    assert names[0] == "email"
    assert list(rows) == [(3, ["zoe@example.test", "33612345678", "2026-01-31", "2026-01-31 10:30:00", "1.5"], "")]


def test_a_broken_workbook_is_refused_in_words(tmp_path):
    path = write(tmp_path, b"PK\x03\x04 not really")

    with pytest.raises(UnreadableFile):
        open_table(path, detect(path))
