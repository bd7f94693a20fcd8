# Lists the public names of lamina's headers, a line each: <name> <header>. Public is what stands in namespace lamina, outside
# detail and kernels, and is not deprecated.

# Returns a declaration without the `template <…>` in front; nothing when the brackets are not closed on this line.
function without_template(text,  depth, i, c) {
  while (match(text, /^template */)) {
    depth = 0
    for (i = RLENGTH + 1; i <= length(text); i++) {
      c = substr(text, i, 1)
      if (c == "<") depth++
      if (c == ">" && --depth == 0) break
    }
    if (depth != 0) return ""
    text = substr(text, i + 1)
    sub(/^ +/, "", text)
  }
  return text
}

FNR == 1 { outer = ""; inner = 0; held = ""; raw = "" }

# The lines of a raw text.
raw != "" { if (index($0, raw)) raw = ""; next }
match($0, /R"[a-z]*\(/) {
  raw = ")" substr($0, RSTART + 2, RLENGTH - 3) "\""
  if (index(substr($0, RSTART + RLENGTH), raw)) raw = ""
}

/^namespace LAMINA_NAMESPACE \{/ { outer = "lamina"; next }
/^namespace LAMINA_NAMESPACE::/ { outer = "other"; next }
/^namespace ([a-z_]+ )?\{/ { inner++; next }
/^\} *\/\/ namespace/ { if (inner > 0) inner--; else outer = ""; held = ""; next }
outer != "lamina" || inner > 0 { next }

# A declaration begins in the first column. One whose template brackets go on below is held until they are closed.
/^[^A-Za-z\[]/ || /^$/ || /^(public|private|protected):/ { if (held == "" || !/^ /) next }
/deprecated/ { held = ""; next }
{
  line = held == "" ? $0 : held " " $0
  held = ""
  text = without_template(line)
  if (text == "") { held = line; next }
  if (text ~ /^requires/) next
  gsub(/\[\[[^]]*\]\] */, "", text)
  while (sub(/^(inline|constexpr|consteval|extern|static|LAMINA_FUNC|LAMINA_INLINE) +/, "", text)) {}
  if (text ~ /^(class|struct|enum class|enum|union|using|concept) /) {
    sub(/^(enum class|class|struct|enum|union|using|concept) +(alignas\([^)]*\) *)?/, "", text)
    if (!match(text, /^[A-Za-z_0-9]+/)) next
    name = substr(text, 1, RLENGTH)
    if (name == "namespace" || substr(text, RLENGTH + 1, 1) == "<") next  # a specialisation declares no name
  } else {
    while (gsub(/<[^<>()]*>/, "", text)) {}
    if (text ~ /operator/ || !match(text, /[({=;]/)) next
    text = substr(text, 1, RSTART - 1)
    sub(/ +$/, "", text)
    if (!match(text, /[A-Za-z_0-9:]+$/)) next
    name = substr(text, RSTART)
    if (name ~ /::/ || name == text) next
  }
  if (!(name in seen)) { seen[name] = 1; print name, FILENAME }
}
