"""Reads what leaves the site, below the folder that is named: feeds with `feedparser`, ninjs files by the published schema.

Prints one JSON object: how many there are of each, and what is wrong.
"""

import json
import pathlib
import sys
import warnings

import feedparser
import jsonschema
from jsonschema import Draft202012Validator, FormatChecker, RefResolver

warnings.simplefilter("ignore", DeprecationWarning)
root = pathlib.Path(sys.argv[1])
schema = json.loads(pathlib.Path(sys.argv[2]).read_text(encoding="utf-8"))
# No file has places, so the schema that they refer to accepts any object.
store = {"https://geojson.org/schema/GeoJSON.json": {"type": "object"}, schema["$id"]: schema}
validator = Draft202012Validator(schema, resolver=RefResolver.from_schema(schema, store=store), format_checker=FormatChecker())
wrong, counts = [], {"feeds": 0, "entries": 0, "articles": 0, "lists": 0}

for path in sorted([*root.rglob("atom.xml"), *root.rglob("rss.xml")]):
    name = path.relative_to(root).as_posix()
    feed = feedparser.parse(path.read_bytes(), sanitize_html=False)
    counts["feeds"] += 1
    if feed.bozo:
        wrong.append(f"{name}: {feed.bozo_exception}")
    if feed.version not in ("atom10", "rss20"):
        wrong.append(f"{name}: {feed.version}")
    for entry in feed.entries:
        counts["entries"] += 1
        where = f"{name} {entry.get('id')}"
        wrong += [f"{where}: no {key}" for key in ("id", "title", "link") if not entry.get(key)]
        if not entry.get("published_parsed"):
            wrong.append(f"{where}: no time")
        if not entry.get("content") or not entry.content[0].value.strip():
            wrong.append(f"{where}: no text")

for path in sorted(root.rglob("ninjs.json")):
    name = path.relative_to(root).as_posix()
    item = json.loads(path.read_text(encoding="utf-8"))
    counts["lists" if item.get("type") == "composite" else "articles"] += 1
    wrong += [f"{name} {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}" for e in validator.iter_errors(item)]

# The schema refuses what it does not know, so the validator is at work.
if validator.is_valid({"uri": "https://example.org/", "unknown": 1}) or validator.is_valid({"type": "text"}):
    wrong.append("the validator accepts what it must refuse")
print(json.dumps({"counts": counts, "wrong": wrong}, ensure_ascii=False))
