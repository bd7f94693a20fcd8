# Lists every link of HTML pages that leads nowhere: to a file that is not among the pages and is not there, to an anchor that
# its page does not have, or to this machine. The last line is a summary.
#   awk -v root=<folder>/ -f links.awk <all pages of the folder...>
FNR == 1 {
  page = FILENAME
  if (index(page, root) == 1) page = substr(page, length(root) + 1)
  there[page] = 1
  ++pages
}
/(id|name)="/ {
  line = $0
  while (match(line, /[ \t](id|name)="[^"]*"/)) {
    anchor = substr(line, RSTART, RLENGTH)
    line = substr(line, RSTART + RLENGTH)
    gsub(/^[^"]*"|"$/, "", anchor)
    there[page "#" anchor] = 1
  }
}
/(href|src)="/ {
  line = $0
  while (match(line, /[ \t](href|src)="[^"]*"/)) {
    link = substr(line, RSTART, RLENGTH)
    line = substr(line, RSTART + RLENGTH)
    gsub(/^[^"]*"|"$/, "", link)
    if (link ~ /^(https?:|data:)/) continue
    ++links
    if (link ~ /^[a-z]+:/ || link ~ /^\//) { wrong(page, link); continue }
    folder = page
    if (!sub(/[^\/]*$/, "", folder)) folder = ""
    if (link ~ /^#/) link = page link
    else link = folder link
    while (sub(/[^\/]+\/\.\.\//, "", link)) {}
    if (!((link, page) in asked)) { asked[link, page] = 1; from[link] = from[link] " " page }
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
