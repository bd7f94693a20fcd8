# What Doxygen reads instead of a Markdown page (with names.awk, -v root=<repository>/).
# - Pages and headings get labels. Links to pages and headings lead to them, links to headers lead to their pages, and links to
#   other files of the repository lead to pages that show them.
# - Formulas as GitHub has them, $…$ and ```math, become Doxygen's.
# - All else outside code is meant as it stands: no commands, no tags.
# With -v list=1 it prints instead, one a line, the other files that pages lead to.
BEGIN { if (list) printf "" > "/dev/null" }
FNR == 1 {
  path = below(root, FILENAME)
  label = label_of(path)
  folder = path
  if (!sub(/\/[^\/]*$/, "/", folder)) folder = ""
  code = formula = span = bold = 0
}
function show(line) { if (!list) print line }

# The path of a link from this page, seen from the root of the repository.
function resolved(link) {
  link = folder link
  while (sub(/[^\/]+\/\.\.\//, "", link)) {}
  return link
}

# What a link leads to on the site.
function target(link,  place, heading, page) {
  if (link ~ /^[a-z]+:/) return link
  place = index(link, "#")
  if (place) {
    heading = substr(link, place + 1)
    link = substr(link, 1, place - 1)
  }
  link = link == "" ? path : resolved(link)
  page = label_of(link)
  if (page != "") return page ".html" (place ? "#" label_in(page, heading) : "")
  if (list) print link
  gsub(/[^A-Za-z0-9]/, "_", link)
  return "source_" link ".html"
}

# Text outside code.
function plain(text,  done) {
  gsub(/[\\@<>]/, "\\\\&", text)
  while (sub(/\*\*/, bold ? "</b>" : "<b>", text)) bold = !bold
  while (match(text, /\]\([^)]+\)/)) {
    done = done substr(text, 1, RSTART) "(" target(substr(text, RSTART + 2, RLENGTH - 3)) ")"
    text = substr(text, RSTART + RLENGTH)
  }
  text = done text
  while (match(text, /\$[^$]+\$/))
    text = substr(text, 1, RSTART - 1) "\\f\001" formula_text(substr(text, RSTART + 1, RLENGTH - 2)) "\\f\001" substr(text, RSTART + RLENGTH)
  gsub(/\001/, "$", text)
  return text
}
function formula_text(text) {
  gsub(/\\\\/, "\002", text)  # what plain escaped is a formula's own
  gsub(/\\</, "<", text)
  gsub(/\\>/, ">", text)
  gsub(/\002/, "\\", text)
  return text
}

# A line whose links to headers are references: their pages' names are Doxygen's choice. What plain must leave alone is marked.
function with_references(line,  link, place, header) {
  while (match(line, /\[[^]]+\]\([^)]+\.hpp\)/)) {
    link = substr(line, RSTART, RLENGTH)
    place = index(link, "](")
    header = resolved(substr(link, place + 2, length(link) - place - 2))
    if (header !~ /^include\//) return line
    link = substr(link, 2, place - 2)
    gsub(/`/, "", link)
    line = substr(line, 1, RSTART - 1) "\003ref " below("include/", header) " \"" link "\"" substr(line, RSTART + RLENGTH)
  }
  return line
}

/^```math$/ { show("\\f["); formula = 1; next }
/^```/ && formula { show("\\f]"); formula = 0; next }
/^```/ { code = !code; show($1); next }
formula || code { show($0); next }
/^$/ { span = bold = 0; show(""); next }
{
  heading = /^##* / ? $0 : ""
  if (heading != "") gsub(/`/, "")  # a table of contents has no code
  count = split(with_references($0), parts, "`")
  line = ""
  for (i = 1; i <= count; ++i) {
    part = span ? parts[i] : plain(parts[i])
    if (span && i > 1 && i < count && index(part, "'")) part = "` " part " `"  # Doxygen ends a span of ` at a '
    line = line part (i < count ? "`" : "")
    if (i < count) span = !span
  }
  gsub(/\003/, "@", line)
  if (heading != "") {
    level = heading
    sub(/ .*/, "", level)
    sub(/^#+ /, "", heading)
    if (level != "#") line = line " {#" label_in(label, heading) "}"
    else if (label != "index") line = line " {#" label "}"
  }
  show(line)
  if (level == "#") show("\n[TOC]")
  level = ""
}

# The guide of a module leads to its reference.
END {
  if (!list && path ~ /^include\/lamina\/[a-z]+\/README\.md$/) {
    sub(/^guide_/, "", label)
    print "\nThe reference has [every name of this module](group__" label ".html)."
  }
}
