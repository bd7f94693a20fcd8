#!/bin/sh
# wrong_programs.sh <scratch folder> <compiler>: expects run.sh to pass pages whose programs print what they say, and to name
# what is wrong with others. The programs do not use lamina, so that they compile at once.
set -eu
scratch=$1 compiler=$2 here=$(cd "$(dirname "$0")" && pwd)
rm -rf "$scratch"
mkdir -p "$scratch"
page=$scratch/page.md
printf 'int nothing = 0;\n' > "$scratch/nothing.cpp"
"$compiler" -c "$scratch/nothing.cpp" -o "$scratch/nothing.o"

# program <statements>: a program of the page. says <line>...: what the page says that it prints.
program() { printf '# A\n\n```cpp\n#include <iostream>\n\nint main() {\n  %s\n}\n```\n' "$1" >> "$page"; }
says() { echo '```text'; printf '%s\n' "$@"; echo '```'; }
# expect <passes|fails> <what run.sh says>
expect() {
  result=passes
  said=$(sh "$here/run.sh" "$scratch/run" true "$scratch/nothing.o" "$page" -- "$compiler" -std=c++20 2>&1) || result=fails
  if [ $result != "$1" ] || ! echo "$said" | grep -qF -e "$2"; then
    printf 'expected that it %s and says "%s", but it %s and says:\n%s\n' "$1" "$2" "$result" "$said"
    exit 1
  fi
  rm "$page"
}

program 'std::cout << "one 0.9371 two\n\nthree\nfour\n" << 5;'
says 'one 0.9… two' '…' 'four' '5' >> "$page"
program 'std::cout << "the second program\n";'
says 'the …' >> "$page"
expect passes "2 programs of the pages built and run"

program 'std::cout << "one 0.8371 two\n";'
says 'one 0.9… two' >> "$page"
expect fails "line 1 of it is not what the page says in line 1"
program 'std::cout << "one\ntwo\n";'
says 'one' >> "$page"
expect fails "the program prints:"
program 'std::cout << "one\n";'
says 'one' 'two' >> "$page"
expect fails "the program prints:"
program 'std::cout << "one\n";'
expect fails "page.md:4: no \`\`\`text block follows the program"
program 'std::cout << "one\n"; return 3;'
says 'one' >> "$page"
expect fails "ends with code 3"
program 'std::cout << one;'
says 'one' >> "$page"
expect fails "page.md:7:"
printf '```cpp\nint one = 1;\n```\n' > "$page"
expect fails "has no \`int main() {\`"
echo "wrong programs are seen"
