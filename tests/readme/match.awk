# awk -f match.awk <expected> <printed>: whether what a program printed is what its page says. In a line of the page, …
# stands for any characters; a line that is … alone stands for any lines, or none. Blanks at the ends of lines do not count.
function trimmed(line) { sub(/[ \t\r]+$/, "", line); return line }
function like(pattern, line,    parts, n, i, at) {
  n = split(pattern, parts, "…")
  if (n < 2) return pattern == line
  if (substr(line, 1, length(parts[1])) != parts[1]) return 0
  line = substr(line, length(parts[1]) + 1)
  for (i = 2; i < n; ++i) {
    at = index(line, parts[i])
    if (!at) return 0
    line = substr(line, at + length(parts[i]))
  }
  return length(line) >= length(parts[n]) && substr(line, length(line) - length(parts[n]) + 1) == parts[n]
}
# Whether the lines from e on stand for those from p on; sets `furthest` to the last line that one was looked for at.
function stands(e, p) {
  if (p > furthest) { furthest = p; looked_for = e }
  if (e > expected) return p > printed
  if (trimmed(want[e]) == "…") return stands(e + 1, p) || (p <= printed && stands(e, p + 1))
  return p <= printed && like(trimmed(want[e]), got[p]) && stands(e + 1, p + 1)
}
FILENAME == ARGV[1] { want[++expected] = $0; next }
{ got[++printed] = trimmed($0) }
END {
  while (printed && got[printed] == "") --printed
  while (expected && trimmed(want[expected]) == "") --expected
  furthest = 0
  if (stands(1, 1)) exit 0
  print "the page says:"
  for (i = 1; i <= expected; ++i) print "  " want[i]
  print "the program prints:"
  for (i = 1; i <= printed; ++i) print "  " got[i]
  print "line " furthest " of it is not what the page says in line " looked_for
  exit 1
}
