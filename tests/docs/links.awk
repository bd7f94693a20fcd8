# Reads the names of the HTML pages of a folder, and lists every link of theirs that leads nowhere: to a file that is not there,
# to an anchor that its page does not have, or to a path of this machine. The last line is a summary.
#   (cd <folder> && find * -name '*.html') | awk -v root=<folder>/ -f links.awk
{
  page = $0
  there[page] = 1
  ++pages
  while ((getline line < (root page)) > 0) {
    if (line ~ /(id|name|href|src)="/) read_attributes(line)
  }
  close(root page)
}
function read_attributes(line,  what, value, folder) {
  while (match(line, /[ \t](id|name|href|src)="[^"]*"/)) {
    value = what = substr(line, RSTART + 1, RLENGTH - 2)
    line = substr(line, RSTART + RLENGTH)
    sub(/=.*/, "", what)
    sub(/^[^"]*"/, "", value)
    if (what == "id" || what == "name") { there[page "#" value] = 1; continue }
    if (value ~ /^(https?:|data:)/) continue
    ++links
    if (value ~ /^[a-z]+:/ || value ~ /^\//) { wrong(page, value); continue }
    folder = page
    if (!sub(/[^\/]*$/, "", folder)) folder = ""
    value = value ~ /^#/ ? page value : folder value
    while (sub(/[^\/]+\/\.\.\//, "", value)) {}
    if (!((value, page) in asked)) { asked[value, page] = 1; from[value] = from[value] " " page }
  }
}
END {
  for (link in from) {
    if (link in there) continue
    file = link
    sub(/#.*$/, "", file)
    if (!(file in there) && (getline line < (root file)) > 0) there[file] = 1
    close(root file)
    if (!(link in there)) wrong(from[link], link)
  }
  print pages " pages with " links + 0 " links, " faults + 0 " of them dead"
  if (faults > 0 || links + 0 == 0) exit 1
}
function wrong(page, link) { ++faults; print "dead: " link " in " substr(page, 1, 200) }
