# Lists every documentation comment (///) that does not open as plain English wants it, as file:line: opening. Reads C++
# headers. A comment before a function opens with a verb in the third person ("Returns"), one before anything else with a
# noun phrase ("A pool of threads that"); none with a fragment ("What", "Of", "Whether"). The last line is a summary.
# It looks at openings only: whether the sentences after them are plain is for a reader to say.

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

# What is declared: up to the first ; or { that does not stand between < and >.
state == "declaration" {
  text = $0
  sub(/[ \t]*\/\/.*$/, "", text)
  if (text ~ /^[ \t]*$/ && declared == "") { blank = 1; next }
  declared = declared " " text
  if (text ~ /[;{]/ || text ~ /^#/ || ++lines > 12) { state = "code"; judge() }
}

END {
  finish()
  print functions + others " documentation comments (" functions + 0 " of functions), " faults + 0 " that open wrongly"
  if (functions + others == 0) { print "no comment was found"; exit 2 }
  if (faults > 0) exit 1
}

function finish() {
  if (state == "comment") declared = ""
  if (state == "comment" || state == "declaration") judge()
  state = "code"; lines = 0; blank = 0
}

# The declaration without what may hold a bracket but makes no function of it.
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
  lines = 0; blank = 0
  if (first ~ /^[@\\]/) return                      # a command of Doxygen
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
  print file ":" line ": " (is_a_function ? "a function: " : "") substr(first, 1, 80)
}
