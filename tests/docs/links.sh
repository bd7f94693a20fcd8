#!/bin/sh
# links.sh <folder with html/>: checks that every link of the site leads somewhere, and that it would see one that does not.
set -eu
work=$1 links=$(cd "$(dirname "$0")" && pwd)/links.awk

check() { (cd "$1" && find . -name '*.html') | sed 's|^[.]/||' | awk -v root="$1/" -f "$links"; }

planted="$work/planted"
rm -rf "$planted"
mkdir -p "$planted"
printf '<a href="b.html#there">good</a> <a href="b.html#gone">a</a> <img src="gone.png">\n<a href="gone.html">b</a> <a href="/tmp/x.html">c</a>\n<a href="#gone">d</a> <a href="https://eigen.tuxfamily.org">e</a>\n' > "$planted/a.html"
printf '<a id="there"></a>\n' > "$planted/b.html"
if said=$(check "$planted"); then echo "dead links passed: $said"; exit 1; fi
for link in "b.html#gone in" "gone.png in" "gone.html in" "/tmp/x.html in" "a.html#gone in" "2 pages with 6 links, 5 of them dead"; do
  case $said in *"$link"*) ;; *) echo "the check does not see a planted fault, $link; it says: $said"; exit 1 ;; esac
done

check "$work/html"
