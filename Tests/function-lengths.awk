# Names functions, initialisers, subscripts and computed properties of Swift sources that are longer than `most` lines, from
# the first line of the declaration to its closing brace; exit code 1 when there is one. `swift format` puts that brace where
# the declaration begins, so indentation says what ends where.

FNR == 1 { depth = 0; quoted = 0 }

# A multi-line string may hold anything.
{ inside = quoted; text = $0; if (gsub(/"""/, "&", text) % 2) quoted = !quoted }
inside || /^ *$/ || /^ *\/\// { next }

{
  match($0, /^ */)
  place = RLENGTH
  text = substr($0, place + 1)

  # A line that is not further to the right ends a declaration, unless its signature goes on there.
  while (depth > 0 && place <= level[depth]) {
    if (place == level[depth] && !opened[depth] && text ~ /^(\)|->|throws|async|where|\{)/) break
    length_of_it = FNR - first[depth] + 1
    if (opened[depth] && length_of_it > most) {
      printf "%s:%d: %d lines: %s\n", FILENAME, first[depth], length_of_it, title[depth]
      found = 1
    }
    closes = opened[depth]
    depth--
    if (closes && place == level[depth + 1]) break
  }
  if (depth > 0 && text ~ /\{[^}]*$/) opened[depth] = 1

  word = text
  while (match(word, /^(@[A-Za-z]+(\([^)]*\))?|public|package|internal|private|fileprivate|open|final|static|class|override|required|convenience|mutating|nonmutating|nonisolated|prefix)[ \t]+/))
    word = substr(word, RLENGTH + 1)
  if (word ~ /^(func |init[?!]?[(<]|subscript[(<]|deinit )/ || word ~ /^var [^=]*\{$/) {
    depth++
    level[depth] = place
    first[depth] = FNR
    title[depth] = text
    opened[depth] = text ~ /\{[^}]*$/
    if (text ~ /\{.*\}$/) depth--
  }
}

END { exit found }
