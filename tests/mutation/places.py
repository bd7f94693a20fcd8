"""Where a fault can stand: arithmetic, comparison, logical and index operators of a header, and what they become."""

import dataclasses
import re

MODULES = ("kernels", "layers", "losses", "optimizers")

# What stands instead of a binary operator. && and || get another operand, so that nothing is read that was not before.
WRONG = {"+": "-", "-": "+", "*": "/", "/": "*", "%": "/",
         "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
         "+=": "-=", "-=": "+=", "*=": "/=", "/=": "*=", "&&": "&& false &&", "||": "|| true ||"}

TOKEN = re.compile(r"""
    (?P<skip>   //[^\n]* | /\*.*?\*/ | ^[ \t]*\#(?:\\\n|[^\n])* )
  | (?P<text>   "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])' )
  | (?P<number> \d(?:[eE][+-]|'\w|[\w.])* )
  | (?P<word>   [A-Za-z_]\w* )
  | (?P<sign>   <=>|<<=|>>=|\.\.\.|<<|>>|<=|>=|==|!=|&&|\|\||\+=|-=|\*=|/=|%=|\+\+|--|->|::|\S )
    """, re.VERBOSE | re.MULTILINE | re.DOTALL)


@dataclasses.dataclass
class Place:
    """text[start:end] becomes `wrong`, or, where the fault can be switched on, `switched` with its number."""
    file: str  # such as kernels/tile.inc
    start: int
    end: int
    wrong: str
    switched: str
    line: int
    was: str  # the line, and what becomes of it
    now: str
    which: int = 1  # the how many-th line of the file that reads so


@dataclasses.dataclass
class Token:
    kind: str
    text: str
    start: int
    end: int
    loose: bool  # white space on both sides: clang-format gives it to binary operators, not to T* p, T& r and vec<T>


def tokens(text):
    found = []
    for match in TOKEN.finditer(text):
        if match.lastgroup == "skip":
            continue
        around = text[match.start() - 1:match.start()] + text[match.end():match.end() + 1]
        loose = len(around) == 2 and around.isspace()
        found.append(Token(match.lastgroup, match.group(), match.start(), match.end(), loose))
    return found


def closing(all_tokens, i):
    """The place of the bracket that closes the one at i."""
    depth = 0
    for j in range(i, len(all_tokens)):
        depth += all_tokens[j].text in "([{"
        depth -= all_tokens[j].text in ")]}"
        if depth == 0:
            return j
    return len(all_tokens) - 1


def left_out(all_tokens):
    """What is said about types: static_assert(…), and a concept up to its end. It is no arithmetic but checks it."""
    out = set()
    for i, token in enumerate(all_tokens):
        if token.text == "static_assert":
            out.update(range(i, closing(all_tokens, i + 1)))
        if token.text == "concept":
            j = i
            while all_tokens[j].text != ";":
                j = closing(all_tokens, j) + 1
            out.update(range(i, j))
    return out


def declares(all_tokens, i):
    """Whether the bracket at i belongs to a declaration, `vec<T> z[2][4]` or `T* a[3]`, and is no index."""
    while all_tokens[i - 1].text == "]":
        depth, i = 1, i - 1
        while depth:
            i -= 1
            depth += (all_tokens[i].text == "]") - (all_tokens[i].text == "[")
    before = all_tokens[i - 2]
    if before.kind == "word":
        return before.text not in ("return", "else")
    return before.text in (">", "*", "&") and not before.loose


def edit(all_tokens, i):
    """(start, end, wrong, switched) for the operator at i, or None where there is none."""
    token, before, after = all_tokens[i], all_tokens[i - 1], all_tokens[min(i + 1, len(all_tokens) - 1)]
    if token.text == "[" and before.end == token.start and (before.kind == "word" or before.text in "])"):
        if before.text == "operator" or declares(all_tokens, i) or after.text == "]":
            return None
        end = all_tokens[closing(all_tokens, i)].start
        return end, end, " + 1", " + {0}.one()"
    if token.text == "++" and after.kind == "word" and after.start == token.end:
        return token.start, after.end, after.text + " += 2", "{0}.step(" + after.text + ")"
    if token.text == "++" and before.kind == "word" and before.end == token.start:
        return before.start, token.end, "((" + before.text + " += 2) - 2)", "{0}.step_after(" + before.text + ")"
    if token.text not in WRONG or not token.loose or "text" in (before.kind, after.kind):
        return None
    if before.text in ("operator", "...") or after.text == "...":
        return None
    between = {"&&": "{0}.off()", "||": "{0}.on()"}.get(token.text, "{0}")
    return token.start, token.end, WRONG[token.text], f"{token.text} {between} {token.text}"


def places(file, text):
    """Every place of a header, in its order."""
    all_tokens = tokens(text)
    out, lines, found = left_out(all_tokens), text.split("\n"), []
    for i in range(len(all_tokens)):
        what = None if i in out else edit(all_tokens, i)
        if not what:
            continue
        start, end, wrong, switched = what
        number = text.count("\n", 0, start)
        column = start - sum(len(line) + 1 for line in lines[:number])
        was = lines[number]
        now = was[:column] + wrong + was[column + end - start:]
        which = sum(line.strip() == was.strip() for line in lines[:number + 1])
        found.append(Place(file, start, end, wrong, switched, number + 1, was.strip(), now.strip(), which))
    return found


def wide_only(file, text):
    """The lines of a header that only the AVX-512 edition has compiled."""
    if file == "kernels/first_pairs.inc":
        return set(range(1, text.count("\n") + 2))
    lines, all_tokens = set(), tokens(text)
    for i in range(len(all_tokens) - 7):
        if [token.text for token in all_tokens[i:i + 7]] == ["if", "constexpr", "(", "vector_bytes", "==", "64", ")"]:
            first, last = all_tokens[i + 7], all_tokens[closing(all_tokens, i + 7)]
            lines.update(range(text.count("\n", 0, first.start) + 2, text.count("\n", 0, last.start) + 2))
    return lines
