# What Doxygen reads instead of a header. Every line keeps its number.
# - Indented lines of a /// comment are equations and code: Doxygen leaves alone what stands four columns further right.
# - All else in a /// comment is meant as it stands, but for `code`: no commands (only @file), no tags, no links;
#   nor does a word become a link to the type of that name before a word in lower case: Counts samples.
# - A comment behind a member belongs to it: shapes, units.
# - What stands in namespace lamina belongs to the module that the header's folder is named after.
# - LAMINA_NAMESPACE, an inline namespace of lamina, is namespace lamina there, and LAMINA_FUNC is nothing.
# - Doxygen warns of a template that derives from itself, and follows neither a class defined outside its namespace nor a
#   friend that is a template.
match(FILENAME, /include\/lamina\/[a-z]+\//) { module = substr(FILENAME, RSTART + 15, RLENGTH - 16) }
/^ *\/\/\/   / { sub(/\/\/\/   /, "///       "); print; next }
/^ *\/\/\/ / && !/\/\/\/ @file$/ {
  count = split($0, parts, "`")
  $0 = ""
  for (i = 1; i <= count; ++i) {
    if (i % 2 == 1) {
      gsub(/[\\@#]/, "\\\\&", parts[i])
      gsub(/</, "\\&lt;", parts[i])
      gsub(/>/, "\\&gt;", parts[i])
      while (match(parts[i], / (Add|Augmentation|Average|Batch|Counts|Fractions|Setting|Targets) [a-z]/))
        parts[i] = substr(parts[i], 1, RSTART) "%" substr(parts[i], RSTART + 1)
    }
    $0 = $0 parts[i] (i < count ? "`" : "")
  }
}

/^(struct|class) .*\{$/ { outer = 1 }
/^};/ { outer = 0 }
/^  (struct|class) .*\{$/ { inner = 1 }
/^  };/ { inner = 0 }
/;  +\/\/ / && ((outer && !inner && /^  [^ ]/) || (outer && inner && /^    [^ ]/)) { sub(/;  +\/\/ /, ";  ///< ") }

/^namespace LAMINA_NAMESPACE/ { sub(/LAMINA_NAMESPACE/, "lamina") }
!/^#/ && /LAMINA_FUNC / { sub(/LAMINA_FUNC /, "") }
module && /^namespace lamina \{$/ { $0 = $0 " /** @addtogroup " module " */ /** @{ */" }
module && /^}  \/\/ namespace lamina$/ { $0 = "/** @} */ " $0 }
/^struct RunAt : RunAt/ { sub(/ : [^{]*/, " ") }
/^(class|struct) Eigen::/ { sub(/Eigen::(internal::)?/, "OfEigen") }
/^  friend detail::/ { $0 = "" }
{ print }
