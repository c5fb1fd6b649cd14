/// Limits on an HDF5 file, checked before any of it is read.
enum HDF5Limits {
  /// Largest number of values of a dataset, of which there are four.
  static let values = CrossSectionTable.mostPoints
  /// Largest length of an attribute's text in bytes.
  static let text = 1 << 16
  /// Memory for reading, in addition to the memory of the program, in bytes: a dataset, a chunk packed and unpacked,
  /// and the library.
  static let memory = 1 << 29
  /// Processor time for reading in seconds, several times what a file of that size takes, so that a loop in the library
  /// ends.
  /// - Parameter bytes: size of the file.
  static func seconds(bytes: Int) -> Int { 5 + bytes / 20_000_000 }
}
