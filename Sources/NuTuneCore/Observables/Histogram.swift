/// Bin contents on a binning.
public struct Histogram: Sendable, Hashable, Codable {
  /// The bins.
  public var binning: Binning
  /// Contents, flat, shape [binning.count].
  public var contents: [Double]

  /// Creates a histogram; the number of contents must be the number of bins.
  public init(binning: Binning, contents: [Double]) {
    precondition(binning.count == contents.count)
    self.binning = binning
    self.contents = contents
  }

  /// Sum of all contents.
  public var total: Double { contents.reduce(0, +) }

  /// Returns the histogram scaled to total one.
  public func normalized() throws -> Histogram {
    let sum = total
    guard sum.isFinite, sum > 0 else {
      throw NuTuneError(.runtime, key: "histogram", found: "a total of \(sum)", expected: "a positive, finite total")
    }
    return Histogram(binning: binning, contents: contents.map { $0 / sum })
  }
}
