/// Something that is read back from a file of a folder. Whoever wrote the file, its content is checked like what a user
/// writes: lengths, ranges, names, so that nothing behind can fail on it.
package protocol ReadBack: Decodable {
  /// Refuses what cannot be, as an exit-65 error that names the key and not yet the file.
  func check() throws
}
