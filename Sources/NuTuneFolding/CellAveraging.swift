/// Quadrature points for means over energy cells.
public struct CellAveraging: Sendable {
  /// The cells.
  public let cells: EnergyCells
  /// Energies in GeV, all cells one after the other.
  public let energies: [Double]
  /// Weights; the weights of one cell sum to one.
  public let weights: [Double]
  /// Index of the first energy of each cell, shape [cells + 1].
  public let offsets: [Int]

  /// Computes the mean of a function over each cell, from its values at ``energies``; shape [cells].
  public func means(of values: some RandomAccessCollection<Double>) -> [Double] {
    precondition(values.count == energies.count)
    // Iterating a generic collection costs one call per element; a fit takes these means ten thousand times.
    return values.withContiguousStorageIfAvailable { means(of: $0) }
      ?? Array(values).withUnsafeBufferPointer { means(of: $0) }
  }

  private func means(of values: UnsafeBufferPointer<Double>) -> [Double] {
    weights.withUnsafeBufferPointer { weights in
      (0..<offsets.count - 1).map { cell in
        var sum = 0.0
        for i in offsets[cell]..<offsets[cell + 1] { sum += weights[i] * values[i] }
        return sum
      }
    }
  }

  /// Smallest mean of a neighbouring cell, relative to the mean of the cell, at which a covariance is shared with it.
  private static let smallestNeighbor = 0.05

  /// Computes the weights of the cells for rates, from values of flux × oscillation g at ``energies``; shape [cells].
  ///
  /// A mean over a cell ignores that g and the cross section σ may rise together in it: ∫gσ is the mean of g times ∫σ
  /// plus μ σ′ with μ = ∫(E − E_c) g dE. Here σ′ is the slope between the means of σ in the cells on both sides, which
  /// gives these cells a further weight. The first and last cell keep their means, and so do cells next to one whose
  /// mean is almost zero, where a flux ends: no weight may be subtracted from it. Values may be negative: those of a change
  /// of the flux.
  public func weights(of values: some RandomAccessCollection<Double>) -> [Double] {
    precondition(values.count == energies.count)
    return values.withContiguousStorageIfAvailable { weights(of: $0) }
      ?? Array(values).withUnsafeBufferPointer { weights(of: $0) }
  }

  private func weights(of values: UnsafeBufferPointer<Double>) -> [Double] {
    let edges = cells.edges
    let means = means(of: values)
    var result = means
    for cell in means.indices.dropFirst().dropLast()
    where min(abs(means[cell - 1]), abs(means[cell + 1])) > Self.smallestNeighbor * abs(means[cell]) {
      let middle = (edges[cell] + edges[cell + 1]) / 2
      var moment = 0.0
      for i in offsets[cell]..<offsets[cell + 1] { moment += weights[i] * (energies[i] - middle) * values[i] }
      let distance = (edges[cell + 2] + edges[cell + 1] - edges[cell] - edges[cell - 1]) / 2
      let slope = moment * (edges[cell + 1] - edges[cell]) / distance
      result[cell + 1] += slope / (edges[cell + 2] - edges[cell + 1])
      result[cell - 1] -= slope / (edges[cell] - edges[cell - 1])
    }
    return result
  }

  /// Turns derivatives with respect to ``weights(of:)`` into those with respect to the values that the weights come from,
  /// shape [cells] → [energies].
  ///
  /// Which cells share a covariance with their neighbours depends on the values, but not smoothly; it is taken as it is.
  public func valueSlopes(of values: [Double], weightSlopes: [Double]) -> [Double] {
    precondition(values.count == energies.count && weightSlopes.count == cells.count)
    let edges = cells.edges
    let means = means(of: values)
    let last = means.count - 1
    return [Double](unsafeUninitializedCapacity: energies.count) { slopes, count in
      for cell in means.indices {
        let (begin, end) = (offsets[cell], offsets[cell + 1])
        var moment = 0.0
        if cell > 0, cell < last,
          min(abs(means[cell - 1]), abs(means[cell + 1])) > Self.smallestNeighbor * abs(means[cell])
        {
          let distance = (edges[cell + 2] + edges[cell + 1] - edges[cell] - edges[cell - 1]) / 2
          moment =
            (edges[cell + 1] - edges[cell]) / distance
            * (weightSlopes[cell + 1] / (edges[cell + 2] - edges[cell + 1])
              - weightSlopes[cell - 1] / (edges[cell] - edges[cell - 1]))
        }
        let middle = (edges[cell] + edges[cell + 1]) / 2
        for i in begin..<end { slopes[i] = weights[i] * (weightSlopes[cell] + moment * (energies[i] - middle)) }
      }
      count = energies.count
    }
  }
}
