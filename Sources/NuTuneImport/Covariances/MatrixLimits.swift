import NuTuneCore

/// Limits on the size of a covariance.
enum MatrixLimits {
  /// Largest number of rows of a matrix in a file: 128 MB.
  static let rows = 4000

  static func refusal(_ size: Int, _ file: String) -> NuTuneError {
    NuTuneError(
      .badData, at: SourceLocation(file: file), key: "covariance", found: "\(size) rows", expected: "1 to \(rows)")
  }
}
