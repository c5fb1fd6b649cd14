/// A value that is read back from a file of a folder. Its content is checked like user input, no matter what wrote the
/// file: lengths, ranges, names, so that later code cannot fail on it.
package protocol ReadBack: Decodable {
  /// Throws an exit-65 error for impossible values; the error names the key, and not yet the file.
  func check() throws
}
