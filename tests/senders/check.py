#!/usr/bin/env python3
"""Checks the fixtures against the providers' own code. Python 3.9 or newer, standard library; Node 20 for its half.

    python3 tests/senders/check.py           exit 1 when something differs
    python3 tests/senders/check.py --write   records what the documents' code says today in documented.json
    python3 tests/senders/check.py --table   prints where the documents' code and the expected verdict part

1. send.py signs every recipe of make_fixtures.mjs again: headers and body must be those of the file. Where Python cannot
   (a secret that it does not decode as Node does), that is recorded.
2. verify.mjs and verify.py judge every file; what they say must be what documented.json holds.
"""

import base64
import json
import pathlib
import subprocess
import sys

sys.dont_write_bytecode = True  # no __pycache__ in the tree

import send

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parent.parent / "fixtures"
RECORD = HERE / "documented.json"


def header_text(value):
    raw = base64.b64decode(value["base64"]) if isinstance(value, dict) else value.encode("utf-8")
    return raw.decode("latin-1")


def recipes():
    made = subprocess.run(["node", HERE / "make_fixtures.mjs", "--recipes"], check=True, capture_output=True, text=True)
    return [json.loads(line) for line in made.stdout.splitlines()]


def signed_again(recipe):
    """ "same", or in words how Python's sender differs from the file that Node's sender made."""
    request = json.loads((FIXTURES / recipe["file"]).read_text())["request"]
    headers = [[name, header_text(value)] for name, value in request["headers"]]
    body = base64.b64decode(request["body_base64"]) if "body_base64" in request else request["body"].encode("utf-8")
    try:
        ours, our_body = send.build(
            recipe["provider"],
            recipe.get("secret"),
            base64.b64decode(recipe["body"]),
            recipe["id"],
            recipe["timestamp"],
            recipe.get("damage"),
            recipe.get("otherSecret"),
        )
    except ValueError as error:
        return f"{type(error).__name__}: {error}"
    if recipe["renamed"]:  # the case changed the names, or left headers out
        lower = [[name.lower(), value] for name, value in ours]
        headers_same = all([name.lower(), value] in lower for name, value in headers)
    else:
        headers_same = ours == headers
    return "same" if headers_same and our_body == body else "another signature"


def documented(files):
    """{fixture: {handler: what it says}} of both languages."""
    out = {}
    for program in (["node", HERE / "verify.mjs"], [sys.executable, HERE / "verify.py"]):
        ran = subprocess.run(
            [*program, "--secrets", FIXTURES / "secrets.json", *files], check=True, capture_output=True, text=True
        )
        for line in ran.stdout.splitlines():
            result = json.loads(line)
            out.setdefault(result["fixture"], {}).update(result["handlers"])
    return out


def parts(outcome, said):
    """Whether a document's code parts from the verdict: it accepts what does not match, or the other way round."""
    return (said == "accept") != (outcome in ("pass", "stale"))


def table(found):
    columns = ["node", "node_several", "python"]
    print("| fixture | verdict | Node | Node, any of several | Python |\n|---|---|---|---|---|")
    for name, handlers in sorted(found.items()):
        outcome = json.loads((FIXTURES / f"{name}.json").read_text())["expect"]["verdicts"][name.split("/")[0]]
        if any(parts(outcome, said) for said in handlers.values()):
            cells = [handlers.get(column, "") for column in columns]
            marked = [f"**{cell}**" if cell and parts(outcome, cell) else cell for cell in cells]
            print(f"| {name} | {outcome} | {' | '.join(marked)} |")


def one_fixture_a_line(record):
    sections = [f' "about": {json.dumps(record["about"])}']
    for section in ("handlers", "signed_by_python"):
        lines = [f"  {json.dumps(name)}: {json.dumps(said)}" for name, said in record[section].items()]
        sections.append(f' "{section}": {{\n' + ",\n".join(lines) + "\n }")
    return "{\n" + ",\n".join(sections) + "\n}\n"


def main(argv):
    found = documented(sorted(FIXTURES.glob("*/*.json")))
    again = {recipe["file"][: -len(".json")]: signed_again(recipe) for recipe in recipes()}
    record = {
        "about": "What the code in the providers' documents says of each fixture, and how Python's sender signs it.",
        "handlers": {name: found[name] for name in sorted(found) if found[name]},
        "signed_by_python": {name: how for name, how in sorted(again.items()) if how != "same"},
    }
    if "--table" in argv:
        table(found)
        return 0
    if "--write" in argv:
        RECORD.write_text(one_fixture_a_line(record))
    known = json.loads(RECORD.read_text())
    for section in ("handlers", "signed_by_python"):
        for name in sorted(set(known[section]) | set(record[section])):
            was, now = known[section].get(name), record[section].get(name)
            if was != now:
                print(f"{name}: {section}: was {was}, is {now}", file=sys.stderr)
    same = sum(how == "same" for how in again.values())
    print(
        f"{len(again)} fixtures, {same} signed alike by Node and Python, {len(again) - same} not as Python decodes keys"
    )
    return 0 if known == record else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
