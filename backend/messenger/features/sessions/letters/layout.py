"""Lays out a letter: plain text, and HTML that is readable in light and dark and loads nothing."""

from collections.abc import Mapping
from html import escape
from typing import Any, Final

from messenger.features.sessions.letters import words
from messenger.features.sessions.letters.words import Words
from messenger.kernel.ports.mail import Letter

# Programs without style sheets show plain paragraphs; programs that invert colours do no harm.
_PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>{subject}</title>
<style>
:root {{ color-scheme: light dark; }}
body {{ margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, sans-serif; color: #1c2024; background: #ffffff; }}
main {{ max-width: 480px; margin: 0 auto; }}
.button {{ display: inline-block; padding: 12px 20px; border-radius: 10px; background: #0b7a75; color: #ffffff;
  text-decoration: none; }}
.link, .foot {{ font-size: 13px; color: #60646c; overflow-wrap: anywhere; }}
@media (prefers-color-scheme: dark) {{
  body {{ color: #edeef0; background: #17191c; }}
  .link, .foot {{ color: #a5abb3; }}
}}
</style>
</head>
<body><main>
{above}
<p><a class="button" href="{link}">{button}</a></p>
<p class="link">{link}</p>
{below}
<p class="foot">{foot}</p>
</main></body>
</html>
"""


def compose(kinds: Mapping[str, Words], to: tuple[str, str], link: str, key: str, params: Mapping[str, Any]) -> Letter:
    """Returns the letter of a kind.

    `to`: address and language; `params` fill in the words, `server` and `url` also the foot.
    """
    address, language = to
    said = kinds[language]
    above, below = ([line.format_map(params) for line in lines] for lines in (said.above, said.below))
    foot, subject = words.FOOT[language].format_map(params), said.subject
    text = "\n\n".join([*above, f"{said.button}:\n{link}", *below, f"-- \n{foot}"]) + "\n"
    html = _PAGE.format(
        language=language,
        subject=escape(subject),
        above=_paragraphs(above),
        link=escape(link),
        button=escape(said.button),
        below=_paragraphs(below),
        foot=escape(foot),
    )
    return Letter(address, f"{subject} · {params['server']}", text, html, key)


def _paragraphs(lines: list[str]) -> str:
    return "\n".join(f"<p>{escape(line)}</p>" for line in lines)
