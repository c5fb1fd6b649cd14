/// What an HDF5 file may ask for before any of it is read.
enum HDF5Limits {
  /// Most values of a dataset, of which there are four.
  static let values = CrossSectionTable.mostPoints
  /// Longest text of an attribute in bytes.
  static let text = 1 << 16
  /// Memory for reading, beside that of the program, in bytes: a dataset, a chunk packed and unpacked, and the library.
  static let memory = 1 << 29
  /// Processor time for reading in seconds, several times what a file of a size takes: a loop in the library ends.
  /// - Parameter bytes: size of the file.
  static func seconds(bytes: Int) -> Int { 5 + bytes / 20_000_000 }
}
