# awk -f join.awk <program>...: writes one source file of several programs. Each gets a namespace of its own, and its main
# becomes a function there. A program's headers are included before its namespace, and not before, so that the programs with
# few headers, which come first, show when they use one that they do not include. `joined <number>` runs a program.
FNR == 1 {
  if (NR > 1) print "}  // namespace"
  number = FILENAME
  gsub(/.*\/|\.cpp$/, "", number)
  numbers[++programs] = number
  where = substr($0, 4)  # page:line
  page = line = where
  sub(/:[0-9]+$/, "", page)
  sub(/.*:/, "", line)
  opened = main = 0
  next
}
/^#include / {
  if (opened) { print FILENAME ": includes a header below its first line of code" > "/dev/stderr"; exit 1 }
  if (!included[$0]++) print
  next
}
!opened && NF {
  printf "#line %d \"%s\"\nnamespace program_%s {\n#line %d \"%s\"\n", line + FNR - 2, page, number, line + FNR - 2, page
  opened = 1
}
/^int main\(\) / { sub(/main/, "run_program"); main = 1 }
main && /^}/ { sub(/^}/, "return 0; }") }                      # a main returns 0 by itself, a function does not
main && /^int run_program.*}$/ { sub(/}$/, "return 0; }") }
{ print }
END {
  print "}  // namespace\n#include <cstdlib>\nint main(int, char** arguments) {\n  switch (std::atoi(arguments[1])) {"
  for (i = 1; i <= programs; ++i) printf "    case %d: return program_%s::run_program();\n", numbers[i], numbers[i]
  print "  }\n  return 100;\n}"
}
