"""Delimited text in all the ways people write it."""

from __future__ import annotations

import codecs

from tests.uploads.case import Case, clean, every, found, kind, named, refused, rows, values

PLAIN = b"dose,sex\n1.5,f\n2.5,m\n3.5,f\n"
DOSE = values("dose", 1.5, 2.5, 3.5)
WIDE = PLAIN.decode()

FORMS: list[Case] = [
    clean("plain", PLAIN, every(DOSE, values("sex", "f", "m", "f"))),
    clean("no newline at the end", PLAIN.rstrip(), DOSE),
    clean("blank line at the end", PLAIN + b"\n\n", every(DOSE, rows(3))),
    clean("windows line ends", PLAIN.replace(b"\n", b"\r\n"), DOSE),
    clean("old mac line ends", PLAIN.replace(b"\n", b"\r"), DOSE),
    clean("mixed line ends", b"dose,sex\r\n1.5,f\n2.5,m\r3.5,f\r\n", every(DOSE, rows(3))),
    clean("tabs", PLAIN.replace(b",", b"\t"), DOSE, "upload.tsv"),
    clean("tabs in a .csv", PLAIN.replace(b",", b"\t"), DOSE),
    clean("pipes", PLAIN.replace(b",", b"|"), DOSE),
    clean("semicolons, decimal points", PLAIN.replace(b",", b";"), DOSE),
    clean("spaces between numbers", b"a b c\n1 2 3\n4  5 7\n8 9 1\n", values("b", 2, 5, 9)),
    clean("excel's sep= line", b"sep=|\ndose|sex\n1.5|f\n2.5|m\n3.5|f\n", DOSE),
    clean("one column", b"dose\n1.5\n2.5\n3.5\n", DOSE),
    found("one row", b"a,b\n1.5,2\n", "constant constant", rows(1)),
    clean("utf-8 mark", codecs.BOM_UTF8 + PLAIN, every(named("dose", "sex"), DOSE)),
    clean("utf-16 with mark", WIDE.encode("utf-16"), DOSE),
    clean("utf-16 big-endian with mark", codecs.BOM_UTF16_BE + WIDE.encode("utf-16-be"), DOSE),
    clean("utf-16 without mark", WIDE.encode("utf-16-le"), DOSE),
    clean("utf-32 with mark", WIDE.encode("utf-32"), DOSE),
    clean("utf-8 letters", "ort,n\nKöln,1\n東京,2\nKöln,4\n".encode(), values("n", 1, 2, 4)),
    found(
        "windows-1252",
        "ort,n\nKöln,1\nMünchen,2\nKöln,3\n".encode("cp1252"),
        "encoding",
        values("ort", "Köln", "München", "Köln"),
    ),
    found(
        "latin-1 beyond windows-1252",
        b"ort,n\nK\xf6ln,1\nB\x81,2\nK\xf6ln,3\n",
        "encoding",
        values("n", 1, 2, 3),
    ),
    found("NUL bytes", b"dose,sex\n1.5,f\x00\n2.5,m\n3.5,f\n", "nul", values("sex", "f", "m", "f")),
    clean(
        "quoted delimiter", b'a,b\n"x, y",1\n"z",2\n"x, y",4\n', values("a", "x, y", "z", "x, y")
    ),
    clean("quoted line break", b'a,b\n"x\ny",1\nz,2\nz,4\n', every(rows(3), values("b", 1, 2, 4))),
    clean("doubled quotes", b'a,b\n"say ""hi""",1\nz,2\nz,4\n', values("a", 'say "hi"', "z", "z")),
    found(
        "inch marks",
        b'size,n\n"5 inch,1\n7 inch,2\n5 inch,3\n',
        "quotes",
        values("size", '"5 inch', "7 inch", "5 inch"),
    ),
    refused("quotation mark never closed", b'a,b\n1,"x\n2,y,z\n3,z\n', "line 2"),
    refused("a row with too many cells", b"a,b\n1,2\n3,4,5\n6,7\n", "Line 3"),
    refused(
        "several rows with too many cells",
        b"a,b\n1,2,9\n3,4,5\n" + b"6,7\n" * 9,
        "Lines 2, 3",
    ),
    found(
        "rows cut short",
        b"a,b\n1,5\n2\n3,6\n4\n5,8\n",
        "short-rows",
        values("b", 5, None, 6, None, 8),
    ),
    clean("trailing delimiters", b"a,b\n1,2,\n3,4,\n5,7,\n", every(named("a", "b"), rows(3))),
    found(
        "title above the header",
        b"Survey 2024\n\na,b\n1,2\n3,4\n5,7\n6,8\n",
        "preamble",
        every(named("a", "b"), rows(4)),
    ),
]

LAYOUT: list[Case] = [
    found(
        "no header",
        b"1.5,2\n2.5,3\n3.5,5\n",
        "no-header",
        every(named("column 1", "column 2"), rows(3)),
    ),
    clean("years as header", b"2019,2020\n1.5,2\n2.5,3\n0.5,9\n", named("2019", "2020")),
    found(
        "two columns of one name",
        b"a,a,b\n1,2,3\n4,5,7\n2,2,1\n",
        "duplicate-name",
        named("a", "a (2)", "b"),
    ),
    found(
        "the new name is taken too",
        b"a,a (2),a\n1,2,3\n4,5,7\n2,2,1\n",
        "duplicate-name",
        named("a", "a (2)", "a (3)"),
    ),
    found(
        "a column without a name",
        b"a,,b\n1,2,3\n4,5,7\n2,9,1\n",
        "unnamed",
        named("a", "column 2", "b"),
    ),
    found("blank rows", b"a,b\n1,2\n\n3,4\n,\n5,7\n", "blank-rows", rows(3)),
    found("blank columns", b"a,,b,\n1,,3,\n4,,7,\n2,,1,\n", "blank-columns", named("a", "b")),
    found("index column", b",a,b\n0,1.5,x\n1,2.5,y\n2,3.5,x\n", "index-column", named("a", "b")),
    found(
        "index column from R",
        b'"a","b"\n"1",1.5,"x"\n"2",2.5,"y"\n"3",3.5,"x"\n',
        "index-column",
        named("a", "b"),
    ),
    found(
        "row of units",
        b"dose,time\nmg,s\n1.5,2\n2.5,4\n3.5,9\n",
        "units-row",
        every(
            rows(3), lambda t: t.variable("dose").unit == "mg" and t.variable("time").unit == "s"
        ),
    ),
    found(
        "row of units in brackets",
        b"id,dose\n,[mg]\n1,1.5\n2,2.5\n3,3.5\n",
        "units-row",
        lambda t: t.variable("dose").unit == "mg",
    ),
    found("row of totals", b"shop,sold\nx,1\ny,2\nz,4\nTotal,7\n", "totals-row", rows(3)),
    found("row of averages", b"shop,sold\nx,1\ny,2\nz,4\nMittelwert,2.3\n", "totals-row", rows(3)),
    clean("Total as a level", b"kind,sold\nTotal,1\npart,2\npart,4\nTotal,7\n", rows(4)),
    refused("header only", b"a,b\n", "no rows"),
    refused("units only", b"a,b\n\n\n", "no rows"),
    found("constant column", b"a,b\n1,x\n2,x\n3,x\n", "constant", kind("b", "categorical")),
    found("column without a cell", b"a,b\n1,\n2,\n3,\n", "all-missing", kind("b", "continuous")),
    refused(
        "more columns than allowed",
        b",".join(b"c%d" % i for i in range(700)) + b"\n",
        "700 columns",
    ),
]

NAMES: list[Case] = [
    clean(
        "markup as a name",
        b"<script>alert(1)</script>,b\n1,2\n3,4\n5,7\n",
        named("<script>alert(1)</script>", "b"),
    ),
    clean(
        "markdown as a name",
        b"![x](http://x/y.png),**b**\n1,2\n3,4\n5,7\n",
        named("![x](http://x/y.png)", "**b**"),
    ),
    clean("formula as a name", b"=1+1,b\n1,2\n3,4\n5,7\n", named("=1+1", "b")),
    clean(
        "formula as a cell",
        b"a,b\n=cmd|' /C calc'!A0,2\nx,4\nx,7\n",
        values("a", "=cmd|' /C calc'!A0", "x", "x"),
    ),
    clean(
        "quotes and code as a name",
        b'"a""; import os #",b\n1,2\n3,4\n5,7\n',
        named('a"; import os #', "b"),
    ),
    clean("line break in a name", b'"a\nb",c\n1,2\n3,4\n5,7\n', named("a\nb", "c")),
    clean(
        "right-to-left and emoji",
        "\u202eabc,😀\n1,2\n3,4\n5,7\n".encode(),
        named("\u202eabc", "😀"),
    ),
    clean("very long name", b"x" * 5000 + b",b\n1,2\n3,4\n5,7\n", named("x" * 5000, "b")),
    clean("names of Python", b"__class__,index\n1,2\n3,4\n5,7\n", named("__class__", "index")),
    clean("spaces around names", b" a , b\n1,2\n3,4\n5,7\n", named("a", "b")),
]
