# Lists, as file:line: opening, every documentation comment (///) that opens wrongly. It reads C++ headers. A function's
# comment must open with a verb in the third person ("Returns"), any other with a noun phrase ("A pool of threads that"), and
# none with a fragment ("What", "Of", "Whether"). The last line is a summary. Only openings are checked: whether the rest is
# plain English, a reader must judge.

BEGIN {
  split("What Of Whether How Where When While If Unless For From Its His Their And But Or By So As At In On To With Without " \
        "Than That Thus Then Asked Asks Given Made Said Told Because Since Until Before After Between Beside Besides Among " \
        "Not Nothing Nobody None Never Neither Who Whom Whose Which Why There Here Does Is Are Was Were Be Has Have Had Can " \
        "May Might Must Should Will Would Up Out Over Under Into Also Too Only Even Just Yet Once Again Same Likewise " \
        "Otherwise", words, " ")
  for (i in words) fragment[words[i]] = 1
  split("Is Was Has Its This Thus As Always Perhaps Besides Sometimes Less Unless Others Numbers Weights Values Layers Options " \
        "Bytes Lines Samples Images Classes Names Shapes Tensors Parameters Gradients Indices", words, " ")
  for (i in words) no_verb[words[i]] = 1
}

FNR == 1 { finish(); state = "code" }

# The first line of a comment; the next ones are skipped.
/^[ \t]*\/\/\/([^\/<]|$)/ {
  if (state != "comment") {
    finish()
    state = "comment"; first = $0; file = FILENAME; line = FNR
    sub(/^[ \t]*\/\/\/[ \t]*/, "", first)
  } else if (first == "@file") {
    first = $0; of_file = 1
    sub(/^[ \t]*\/\/\/[ \t]*/, "", first)
  }
  next
}

state == "comment" { state = "declaration"; declared = "" }

# The declaration, up to the first line with a ; or a {.
state == "declaration" {
  text = $0
  sub(/[ \t]*\/\/.*$/, "", text)
  if (text ~ /^[ \t]*$/ && declared == "") next
  declared = declared " " text
  if (text ~ /[;{]/ || text ~ /^#/ || ++lines > 12) { state = "code"; judge() }
}

END {
  finish()
  print functions + others " documentation comments (" functions + 0 " of functions), " faults + 0 " that open wrongly"
  if (functions + others == 0) { print "no comment was found"; exit 2 }
  if (faults > 0) exit 1
}

# Judges a comment whose declaration did not end, or that has none.
function finish() {
  if (state == "comment") declared = ""
  if (state == "comment" || state == "declaration") judge()
  state = "code"; lines = 0
}

# Returns whether a declaration is one of a function: a bracket is left after everything else that may have one is removed.
function is_function(text,  old) {
  if (text ~ /operator/) return 1
  gsub(/\[\[[^\]]*\]\]/, "", text)
  gsub(/alignas\([^)]*\)|decltype\([^)]*\)|noexcept\([^)]*\)/, "", text)
  do { old = text; gsub(/<[^<>;{]*>/, "", text) } while (text != old)
  sub(/^[ \t]*(public|private|protected):/, "", text)
  sub(/^[ \t]*template/, "", text)
  if (text ~ /^[ \t]*(inline |export )*(struct|class|enum|union|concept|using|namespace|#)/) return 0
  if (text ~ /^[ \t]*(requires|concept) *\(/) sub(/^[ \t]*requires *\([^)]*\)/, "", text)
  sub(/[={;].*$/, "", text)
  return text ~ /\(/
}

function judge(  word) {
  lines = 0
  if (first ~ /^[@\\]/) return  # a command of Doxygen
  word = first
  sub(/[^A-Za-z].*$/, "", word)
  is_a_function = !of_file && is_function(declared)
  of_file = 0
  if (is_a_function) {
    ++functions
    if (word ~ /^[A-Z][a-z]*s$/ && !(word in no_verb)) return
  } else {
    ++others
    if (word !~ /^$/ && word !~ /^[a-z]/ && !(word in fragment)) return
  }
  ++faults
  print file ":" line ": " (is_a_function ? "a function: " : "") first
}
