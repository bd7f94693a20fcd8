# What Doxygen reads instead of a Markdown page: formulas as GitHub has them, $…$ and ```math, become Doxygen's, links to
# headers become references, and links to what has no page become plain text.
/^```math$/ { print "\\f["; formula = 1; next }
/^```/ && formula { print "\\f]"; formula = 0; next }
/^```/ { code = !code }
formula || code { print; next }
{
  while (match($0, /\$[^$]+\$/))
    $0 = substr($0, 1, RSTART - 1) "\\f\001" substr($0, RSTART + 1, RLENGTH - 2) "\\f\001" substr($0, RSTART + RLENGTH)
  gsub(/\001/, "$")
  while (match($0, /\[[^]]+\]\(\.\.\/\.\.\/include\/[^)]+\)/)) {
    link = substr($0, RSTART, RLENGTH)
    text = substr(link, 2, index(link, "](") - 2)
    path = substr(link, index(link, "include/") + 8)
    $0 = substr($0, 1, RSTART - 1) "@ref " substr(path, 1, length(path) - 1) " \"" text "\"" substr($0, RSTART + RLENGTH)
  }
  while (match($0, /\[[^]]+\]\(\.\.\/[^)]+\)/)) {
    link = substr($0, RSTART, RLENGTH)
    $0 = substr($0, 1, RSTART - 1) substr(link, 2, index(link, "](") - 2) substr($0, RSTART + RLENGTH)
  }
  print
}
