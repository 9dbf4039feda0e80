# SPDX-License-Identifier: LGPL-2.1-or-later
"""operators - the ways in which a line of C or SQL can be made wrong

Each operator turns one line into the list of its mutants.  Lines that hold
no code (comments, preprocessor lines, assertions) have none.  An operator
must produce text that usually compiles: a mutant that does not compile is
thrown away, which costs time.
"""

import re


def swap(pattern, replacement):
    """Replaces each match of a pattern, one at a time."""
    compiled = re.compile(pattern)

    def mutants(line):
        for match in compiled.finditer(line):
            yield (line[:match.start()] + match.expand(replacement) +
                   line[match.end():])
    return mutants


def without(pattern):
    """Removes the whole line when it matches."""
    compiled = re.compile(pattern)

    def mutants(line):
        if compiled.match(line):
            yield ""
    return mutants


C = [
    swap(r" == ", " != "), swap(r" != ", " == "),
    swap(r" < ", " <= "), swap(r" > ", " >= "),
    swap(r" <= ", " < "), swap(r" >= ", " > "),
    swap(r" && ", " || "), swap(r" \|\| ", " && "),
    swap(r" \+ ", " - "), swap(r" - ", " + "),
    swap(r" \+= ", " -= "), swap(r"\breturn 0;", "return 1;"),
    swap(r"\breturn 1;", "return 0;"),
    swap(r"\breturn true;", "return false;"),
    swap(r"\breturn false;", "return true;"),
    swap(r"\bif \((?!.*\{.*\()(.*)\)$", r"if (!(\1))"),
    swap(r"\bif \((.*)\) \{$", r"if (!(\1)) {"),
    swap(r"(?<=[( ])!(?=[a-z(])", ""),
    swap(r"(?<=[ (\[])1(?=[;,)\]])", "2"),
    swap(r"(?<= \| )[A-Z_]+(?=[,;)])", "0"),
    # A statement, or a row of a table, goes.
    without(r"^\t+[a-z_]+\(.*\);$"),
    without(r"^\t+(rc|changed|count|[a-z]+->[a-z_]+) [|+]?= .*;$"),
    without(r"^\t\{ .* \},$"),
    without(r"^\t+(break|continue);$"),
]

SQL = [
    swap(r" = ", " <> "), swap(r" <> ", " = "),
    swap(r" < ", " <= "), swap(r" <= ", " < "),
    swap(r" > ", " >= "), swap(r" >= ", " > "),
    swap(r"\bAND\b", "OR"), swap(r"\bOR\b(?! (REPLACE|IGNORE|ABORT))", "AND"),
    swap(r"\bNOT EXISTS\b", "EXISTS"), swap(r"(?<!NOT )\bEXISTS\b",
                                            "NOT EXISTS"),
    swap(r"\bIS NULL\b", "IS NOT NULL"), swap(r"\bIS NOT NULL\b", "IS NULL"),
    swap(r"\bNOT IN\b", "IN"), swap(r"(?<!NOT )\bIN \(", "NOT IN ("),
    swap(r"(?<=[ (])0(?=[ ,);]|$)", "1"), swap(r"(?<=[ (])1(?=[ ,);]|$)", "0"),
    swap(r"\bmin\(", "max("), swap(r"\bmax\(", "min("),
    swap(r"\bcoalesce\(([^(),]+), ([^(),]+)\)", r"\1"),
    swap(r"\bDESC\b", "ASC"), swap(r" NOT NULL\b(?! THEN)", ""),
    swap(r" UNIQUE\b(?=[ ,\n]|$)", ""),
    swap(r" ON (DELETE|UPDATE) CASCADE", ""),
    swap(r"\bNEW\.", "OLD."), swap(r"\bOLD\.", "NEW."),
    # A condition that has a line of its own goes.
    without(r"^\s+(AND|OR) [^()]*(\([^()]*\))?[^()]*$"),
    # A constraint goes, with the comma in front of it or behind.
    swap(r",? ?CHECK \([^()]*(\([^()]*\)[^()]*)*\)(?=,|$)", ""),
    # A named part of a journal's record goes.
    without(r"^\s+'[a-z_]+', .*,$"),
]

SKIP = {
    "c": re.compile(
        r"^\s*(/?\*|#|//|assert\b|_Static_assert|static const char|\"|$)"),
    "sql": re.compile(r"^\s*(--|$)"),
}


def strip_strings(line, mutant):
    """Whether a mutant differs only inside a C string."""
    plain = re.compile(r'"(\\.|[^"\\])*"')
    return plain.sub('""', line) == plain.sub('""', mutant)


def mutants(language, line):
    """All mutants of a line, none twice."""
    if SKIP[language].match(line):
        return []
    made = []
    for operator in (C if language == "c" else SQL):
        for mutant in operator(line):
            if mutant != line and mutant not in made and not (
                    language == "c" and mutant and
                    strip_strings(line, mutant)):
                made.append(mutant)
    return made
