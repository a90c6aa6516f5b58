"""Turns texts into HTML: JSON on standard input, [{"kind": "markdown" | "typescript", "text": ...}], to a
JSON list of HTML on standard output. Markdown by mistune, code colours by Pygments (as CSS classes)."""

import json
import sys

import mistune
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import get_lexer_by_name
from pygments.util import ClassNotFound


class Renderer(mistune.HTMLRenderer):
    def block_code(self, code, info=None):
        try:
            lexer = get_lexer_by_name((info or "text").split()[0])
        except ClassNotFound:
            lexer = get_lexer_by_name("text")
        return highlight(code, lexer, HtmlFormatter(cssclass="code"))


def main():
    markdown = mistune.create_markdown(
        renderer=Renderer(escape=False), plugins=["table", "strikethrough", "footnotes", "url"]
    )
    typescript = get_lexer_by_name("typescript")
    formatter = HtmlFormatter(cssclass="code")
    pieces = [
        markdown(piece["text"])
        if piece["kind"] == "markdown"
        else highlight(piece["text"], typescript, formatter)
        for piece in json.load(sys.stdin)
    ]
    json.dump(pieces, sys.stdout)


if __name__ == "__main__":
    main()
