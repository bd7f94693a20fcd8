# awk -v scratch=<folder> -f programs.awk <page>...: writes every program of the pages, a ```cpp block, to
# scratch/programs/<number>.cpp, and what it prints, the ```text block that follows it, to <number>.expected. A program's
# first line says where it stands: page:line.
function wrong(text) { print FILENAME ":" FNR ": " text; failed = 1 }
function finish() {
  if (waits) { print where ": no ```text block follows the program and says what it prints"; failed = 1 }
  waits = 0
}
FNR == 1 { finish(); inside = "" }
/^```/ {
  if (inside != "") {
    if (inside == "program" && !main) wrong("the block that ends here has no `int main() {`; only whole programs are built")
    if (inside != "other") close(file)
    inside = ""
  } else if ($0 == "```cpp") {
    finish()
    inside = "program"
    main = 0
    where = FILENAME ":" (FNR + 1)
    file = sprintf("%s/programs/%03d.cpp", scratch, ++count)
    print "// " where > file
    waits = 1
  } else if ($0 == "```text" && waits) {
    inside = "expected"
    waits = 0
    file = sprintf("%s/programs/%03d.expected", scratch, count)
    printf "" > file
  } else {
    finish()
    inside = "other"
  }
  next
}
inside == "program" && /^int main\(\) (try )?\{/ { main = 1 }
inside == "program" || inside == "expected" { print > file }
END { finish(); exit failed }
