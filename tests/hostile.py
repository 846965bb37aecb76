"""Sixty names that a file may hold and no page may obey: markup, formulas, directives, oddities."""

from __future__ import annotations

EVIL = "http://evil.test"  # an address that no page may ask

MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    f"<img src={EVIL}/p.png>",
    "<svg onload=alert(1)>",
    "<b onmouseover=alert(1)>bold</b>",
    f"<a href='{EVIL}'>click</a>",
    f"<iframe src={EVIL}></iframe>",
    "</script><script>alert(2)</script>",
    "--><script>alert(3)</script>",
    "<!-- comment",
    "&lt;b&gt; &amp; &#60;i&#62;",
    f"![pixel]({EVIL}/m.png)",
    f"[link]({EVIL}/l)",
    "[run](javascript:alert(4))",
    "javascript:alert(5)",
    "data:text/html,<script>alert(6)</script>",
    "data:image/svg+xml;base64,PHN2Zz4=",
    f"<{EVIL}/auto>",
    f"{EVIL}/bare",
    "www.evil.test",
)
DIRECTIVES = (
    "$\\frac{1}{2}$",
    "$$\\href{http://evil.test}{x}$$",
    "\\(x^2\\)",
    ":material/home:",
    ":red[danger]",
    ":blue-background[x]",
    ":smile:",
    "{{7*7}}",
    "${7*7}",
    "{% raw %}",
    "%s %d %n",
    "**bold** _it_ ~~no~~",
    "# heading",
    "| a | b |",
    "body{background:url(http://evil.test/c)}",
    "</style><style>*{display:none}",
)
FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(A1)",
    "\t=tab",
    "\r=return",
    '=HYPERLINK("http://evil.test","x")',
    "＝wide",
)
ODDITIES = (
    "abc\u202egpj.exe",
    "zero\u200bwidth\u200djoined",
    "null",
    "NaN",
    "undefined",
    "long " + "x" * 240,
    'it\'s "quoted" `ticks`',
    "back\\slash\\n",
    "'; DROP TABLE studies; --",
    "../../etc/passwd",
    "C:\\con\\nul",
    "👩‍👩‍👧 😀",
    "مرحبا עולם",
    "Z̷a̸l̵g̶o̷ e\u0301",
    "line\r\nbreak",
    "__proto__",
)
NAMES = MARKUP + DIRECTIVES + FORMULAS + ODDITIES
