/// P(ν_α → ν_β) on a batch of energies.
public struct OscillationProbabilities: Sendable {
  /// Number of energies.
  public let count: Int
  /// Row (3α + β) of shape [energies], flat: ee, eμ, eτ, μe, μμ, μτ, τe, τμ, ττ.
  public var values: [Double]

  /// Creates probabilities, flat, shape [9][count].
  public init(count: Int, values: [Double]) {
    precondition(values.count == 9 * count)
    self.count = count
    self.values = values
  }

  /// P(ν_α → ν_β), shape [energies].
  public subscript(from: LeptonFlavor, to: LeptonFlavor) -> ArraySlice<Double> {
    let row = 3 * from.rawValue + to.rawValue
    return values[row * count..<(row + 1) * count]
  }
}
