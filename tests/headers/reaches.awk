# Prints the headers that include one header, themselves or through others, and that header.
#
#   awk -v target=lamina/core/tensor.hpp -v root=<folder with lamina/ in it> -v defined=" <macro> …  " -f reaches.awk <file>…
#
# The files are all that stand below root/lamina.
#
# Follows the #include lines. Of conditions it understands `#ifdef`, `#ifndef`, `#if defined(…)` and `#if !defined(…)` of
# LAMINA_COMPILED…; an #include under any other condition is not followed, so no header is printed wrongly.

# normal(<folder>, <path>): the path, seen from the folder, without ".." in it.
function normal(folder, path,    parts, count, i, kept, result) {
  count = split(folder "/" path, parts, "/")
  for (i = 1; i <= count; ++i) {
    if (parts[i] == "." || (parts[i] == "" && i > 1)) continue
    if (parts[i] == ".." && kept > 0) --kept
    else stack[++kept] = parts[i]
  }
  result = stack[1]
  for (i = 2; i <= kept; ++i) result = result "/" stack[i]
  return result
}

FNR == 1 {
  file = substr(FILENAME, length(root) + 2)
  folder = file
  sub(/\/[^\/]*$/, "", folder)
  depth = 0
}

/^[ \t]*#[ \t]*if/ {
  followed[++depth] = "unknown"
  if ($0 ~ /^[ \t]*#[ \t]*(ifn?def[ \t]+|if[ \t]+!?[ \t]*defined[ \t]*\(?[ \t]*)LAMINA_COMPILED[A-Z_]*[ \t]*\)?[ \t]*(\/\/.*)?$/) {
    match($0, /LAMINA_COMPILED[A-Z_]*/)
    is_defined = index(defined, " " substr($0, RSTART, RLENGTH) " ") > 0
    followed[depth] = ($0 ~ /ifndef|!/) != is_defined ? "yes" : "no"
  }
}
/^[ \t]*#[ \t]*elif/ { followed[depth] = "unknown" }
/^[ \t]*#[ \t]*else/ { if (followed[depth] != "unknown") followed[depth] = followed[depth] == "yes" ? "no" : "yes" }
/^[ \t]*#[ \t]*endif/ { --depth }

/^[ \t]*#[ \t]*include[ \t]*["<]/ {
  for (i = 1; i <= depth; ++i) if (followed[i] != "yes") next
  name = $0
  sub(/^[^"<]*["<]/, "", name)
  sub(/[">].*$/, "", name)
  if ($0 ~ /"/) name = normal(folder, name)
  from[++arrows] = file
  to[arrows] = name
}

END {
  reaches[target] = 1
  do {
    changed = 0
    for (i = 1; i <= arrows; ++i)
      if ((to[i] in reaches) && !(from[i] in reaches)) {
        reaches[from[i]] = 1
        changed = 1
      }
  } while (changed)
  for (file in reaches) print file
}
