# Answers a command line as an example's program would, without the program: the options are read from its main.cpp, from
# the lines `examples::Options options("…");` and `options.add("--name", "VALUE", "help", …);`.
#
#   LC_ALL=C awk -f options.awk -- <main.cpp> <argument>...
#
# Exit code 0: nothing to answer; the program has to be called. 1: what was printed is the answer to --help. 2: what was
# printed is what is wrong. Values are judged by the program alone. examples/mnist/mnist_options.cmake compares the two.

BEGIN {
  for (i = 2; i < ARGC; ++i) arguments[++given] = ARGV[i]
  ARGC = 2
}

# The strings of one statement, which may go over several lines.
/examples::Options options\(|options\.add\(/ { statement = ""; reading = 1 }
reading { statement = statement $0 }
reading && /\);[ \t]*$/ {
  reading = 0
  count = read_strings(statement)
  if (statement ~ /Options options\(/) about = strings[1]
  else {
    name[++options] = strings[1]
    value[options] = count > 2 ? strings[2] : ""
    help[options] = strings[count]
  }
}

# read_strings(<text>): how many string literals are in it; strings[1 …] are what they hold. Neighbours are one.
function read_strings(text,    count, letter, i, neighbours) {
  count = neighbours = 0
  for (i = 1; i <= length(text); ++i) {
    letter = substr(text, i, 1)
    if (letter != "\"") {
      if (letter !~ /[ \t]/) neighbours = 0
      continue
    }
    if (!neighbours) strings[++count] = ""
    neighbours = 1
    for (++i; (letter = substr(text, i, 1)) != "\"" && i <= length(text); ++i) {
      if (letter == "\\") letter = substr(text, ++i, 1)
      strings[count] = strings[count] letter
    }
  }
  return count
}

# How many letters are added, left out or changed from one word to the other (Levenshtein 1966).
function distance(from, to,    row, i, j, diagonal, changed, least) {
  for (j = 0; j <= length(to); ++j) row[j] = j
  for (i = 1; i <= length(from); ++i) {
    diagonal = row[0]
    row[0] = i
    for (j = 1; j <= length(to); ++j) {
      changed = diagonal + (substr(from, i, 1) != substr(to, j, 1))
      diagonal = row[j]
      least = row[j] + 1
      if (row[j - 1] + 1 < least) least = row[j - 1] + 1
      if (changed < least) least = changed
      row[j] = least
    }
  }
  return row[length(to)]
}

function answer(code, text) { print text; exit code }

function show_help(    i, left, width, text) {
  for (i = 1; i <= options; ++i) {
    left[i] = name[i] " " value[i]
    if (length(left[i]) > width) width = length(left[i])
  }
  left[i] = "--help"
  help[i] = "show this"
  if (length(left[i]) > width) width = length(left[i])
  text = about "\n"
  for (i = 1; i <= options + 1; ++i) text = text sprintf("\n  %-" width "s  %s", left[i], help[i])
  answer(1, text)
}

function refuse(word,    i, letters, least, nearest) {
  least = 4  # letters: more is another word
  nearest = ""
  for (i = 1; i <= options; ++i)
    if ((letters = distance(word, name[i])) < least) { nearest = name[i]; least = letters }
  answer(2, "'" word "' is not an option" (nearest == "" ? "" : "; is it " nearest "?") " (--help lists them)")
}

END {
  if (options == 0) exit
  for (i = 1; i <= given; ++i) {
    if (arguments[i] == "--help" || arguments[i] == "-h") show_help()
    equals = index(arguments[i], "=")
    word = equals ? substr(arguments[i], 1, equals - 1) : arguments[i]
    for (option = 1; option <= options && name[option] != word; ++option);
    if (option > options) refuse(word)
    if (value[option] == "" && equals) answer(2, word " takes no value")
    if (value[option] != "" && !equals && ++i > given) answer(2, word " expects " value[option] " behind it")
  }
}
