import NuTuneCore

extension CrossSectionTable {
  /// Attributes of the file that become labels.
  private static let keys = ["unit", "model", "channel", "target", "parameters"]

  /// Reads an HDF5 file in a separate process: the library is not safe with foreign files.
  init(hdf5 file: String) throws {
    self.init()
    self.file = file
    // One at a time: a child must not start while another thread is inside the library.
    let (labels, columns) = try hdf5Library.withLock { _ in
      try HDF5Child(file, columns: Self.columns, labels: Self.keys).read()
    }
    for (name, column) in zip(Self.columns, columns) {
      if let bad = column.firstIndex(where: { !$0.isFinite }) {
        throw NuTuneError(
          .badData, at: SourceLocation(file: file), found: "\(column[bad]) in “\(name)” (row \(bad) of the datasets)",
          expected: "finite numbers")
      }
    }
    guard !columns[0].isEmpty else {
      throw NuTuneError(
        .badData, at: SourceLocation(file: file), found: "empty datasets", expected: "at least one point")
    }
    self.labels = labels
    (energy, leptonEnergy, cosTheta, values) = (columns[0], columns[1], columns[2], columns[3])
  }
}
