#!/usr/bin/env python3
"""Looks for broken links between pages: a file that is not there, or a heading that a page does not have.

    docs/links.py [PAGE.md …]      README.md, CHANGELOG.md, CONTRIBUTING.md and every page in docs when left out
"""

import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def text_of(page):
    """The text of a page without its fenced blocks and code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"^(```+).*?^\1$", "", page.read_text(encoding="utf-8"), flags=re.M | re.S))


def anchors(page):
    """What can stand after # in a link to a page, as GitHub makes it of the headings."""
    headings = re.findall(r"^#+ +(.*)$", page.read_text(encoding="utf-8"), flags=re.M)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def broken(page):
    """The links of a page that lead nowhere; those to other hosts are not followed."""
    for link in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        if "://" not in link and (not target.exists() or (anchor and anchor not in anchors(target))):
            yield link


names = ["README.md", "CHANGELOG.md", "CONTRIBUTING.md"]
pages = [pathlib.Path(name) for name in sys.argv[1:]] or [ROOT / n for n in names] + sorted((ROOT / "docs").rglob("*.md"))
mistakes = [f"{page}: found the link “{link}”, which leads nowhere" for page in pages for link in broken(page)]
print("\n".join(mistakes) if mistakes else f"{len(pages)} pages: every link leads somewhere")
sys.exit(1 if mistakes else 0)
