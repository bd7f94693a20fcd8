# Writes what the site's search looks through (with names.awk, -v root=<repository>/): the sections of the Markdown pages, and
# then of Doxygen's tag file all names, headers and other pages.
#   awk -f names.awk -f search.awk -v root=… <pages...> <tag file>
BEGIN { print "window.searched = [" }
END { flush_section(); print "];" }

# An entry: what it is called, where it stands, its address, its text.
function entry(title, where, address, text) {
  gsub(/[\\"]/, "\\\\&", title)
  gsub(/[\\"]/, "\\\\&", text)
  gsub(/[\001-\037]/, " ", text)
  print "[\"" title "\",\"" where "\",\"" address "\",\"" text "\"],"
}
function flush_section() {
  if (section != "") entry(section, where, address, text)
  section = text = ""
}
function unescaped(text) {
  gsub(/&lt;/, "<", text)
  gsub(/&gt;/, ">", text)
  gsub(/&quot;/, "\"", text)
  gsub(/&apos;|&#39;/, "'", text)
  gsub(/&amp;/, "\\&", text)
  return text
}
function element(name) {
  if (!match($0, "<" name ">[^<]*</" name ">")) return ""
  return unescaped(substr($0, RSTART + length(name) + 2, RLENGTH - 2 * length(name) - 5))
}

FNR == 1 { flush_section(); markdown = FILENAME ~ /\.md$/; label = label_of(below(root, FILENAME)); code = 0; page_title = "" }

markdown && /^```/ { code = !code; next }
markdown && !code && /^#+ / {
  flush_section()
  title = $0
  sub(/^#+ /, "", title)
  address = label ".html" (page_title == "" ? "" : "#" label_in(label, title))
  gsub(/`/, "", title)
  section = title
  where = page_title == "" ? "guide" : page_title
  if (page_title == "") page_title = title
  next
}
markdown {
  line = $0
  gsub(/\]\([^)]*\)/, "", line)
  gsub(/[`|*\[]+/, " ", line)
  gsub(/---+/, "", line)
  gsub(/[ \t]+/, " ", line)
  if (length(text) < 6000) text = text line " "
  next
}

# Doxygen's tag file.
/<compound kind=/ { match($0, /kind="[a-z]*"/); kind = substr($0, RSTART + 6, RLENGTH - 7); scope = ""; member = 0; compound_title = "" }
/<member kind=/ { match($0, /kind="[a-z]*"/); member_kind = substr($0, RSTART + 6, RLENGTH - 7); member = 1; arguments = name = file = anchor = "" }
!member && scope == "" && /<name>/ { scope = element("name") }
!member && /<title>/ { compound_title = element("title") }
!member && /<filename>/ {
  file = element("filename")
  if (file !~ /\.html$/) file = file ".html"
  if (kind ~ /^(class|struct|union|concept)$/) compound(below("lamina::", scope), kind)
  else if (kind == "file" && scope ~ /\.hpp$/) header = file
  else if (kind == "page" && !(file ~ /^(guide|index|by_hand|mlp|tests|example_programs)/)) compound(compound_title, file ~ /^source_/ ? "source" : "page")
  else if (kind == "group") compound(compound_title, "module")
}
/<docanchor / && kind == "page" && (file == "derivations.html" || file == "gallery.html") && match($0, /title="[^"]*"/) {
  title = unescaped(substr($0, RSTART + 7, RLENGTH - 8))
  anchor = $0
  gsub(/<[^>]*>|[ \t]/, "", anchor)
  entry(title, compound_title, file "#" anchor, title)
}
function compound(title, what) { if (!seen[title, file]++) entry(title, what, file, "") }
kind == "file" && /<path>/ && scope ~ /\.hpp$/ && !member { path = element("path"); sub(/^.*lamina\//, "", path) }
member && /<name>/ { name = element("name") }
member && /<anchorfile>/ { file = element("anchorfile"); if (file !~ /\.html$/) file = file ".html" }
member && /<anchor>/ { anchor = element("anchor") }
/<\/member>/ {
  member = 0
  if (kind ~ /^(class|struct|union|namespace|group)$/ && name !~ /^(operator|~)/ && name != last_of(scope) && !seen[name, scope_of()]++)
    entry(name, member_kind (scope_of() == "" ? "" : " of " scope_of()), file "#" anchor, "")
}
function scope_of() { return kind ~ /^(namespace|group)$/ ? "" : below("lamina::", scope) }
function last_of(scope) { sub(/^.*::/, "", scope); return scope }
