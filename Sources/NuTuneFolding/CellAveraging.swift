import CKernels

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
    withKernel { kernel in
      filled(cells.count) { nutune_beam_means(&kernel, values.baseAddress, $0) }
    }
  }

  /// Calls `body` with what kernels know of the points and cells.
  private func withKernel<Result>(_ body: (inout nutune_averaging) -> Result) -> Result {
    offsets.withUnsafeBufferPointer { offsets in
      energies.withUnsafeBufferPointer { energies in
        weights.withUnsafeBufferPointer { weights in
          cells.edges.withUnsafeBufferPointer { edges in
            var kernel = nutune_averaging(
              cells: edges.count - 1, offsets: offsets.baseAddress, energies: energies.baseAddress,
              weights: weights.baseAddress, edges: edges.baseAddress, smallest_neighbor: Self.smallestNeighbor)
            return body(&kernel)
          }
        }
      }
    }
  }

  private func filled(_ count: Int, _ fill: (UnsafeMutablePointer<Double>) -> Void) -> [Double] {
    [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let start = buffer.baseAddress { fill(start) }
      initialized = count
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
    let means = means(of: values)
    return weights(of: values, means: means, sharedAs: means)
  }

  /// Computes the weights of the cells, of which those share a covariance with their neighbours that do so for values of
  /// other means: with these held, weights are linear in the values.
  package func weights(of values: [Double], sharedAs deciding: [Double]) -> [Double] {
    precondition(values.count == energies.count && deciding.count == cells.count)
    return values.withUnsafeBufferPointer { weights(of: $0, means: means(of: $0), sharedAs: deciding) }
  }

  private func weights(
    of values: UnsafeBufferPointer<Double>, means: [Double], sharedAs deciding: [Double]
  ) -> [Double] {
    withKernel { kernel in
      filled(cells.count) { nutune_beam_weights(&kernel, values.baseAddress, means, deciding, $0) }
    }
  }

  /// Computes ``means(of:)`` and ``weights(of:)`` of the same values.
  package func meansAndWeights(of values: [Double]) -> (means: [Double], weights: [Double]) {
    precondition(values.count == energies.count)
    return values.withUnsafeBufferPointer { values in
      let means = means(of: values)
      return (means, weights(of: values, means: means, sharedAs: means))
    }
  }

  /// Turns derivatives with respect to ``weights(of:)`` into those with respect to the values that the weights come from,
  /// shape [cells] → [energies].
  ///
  /// Which cells share a covariance with their neighbours depends on the values, but not smoothly; it is taken as it is.
  public func valueSlopes(of values: [Double], weightSlopes: [Double]) -> [Double] {
    precondition(values.count == energies.count && weightSlopes.count == cells.count)
    var slopes = [Double](repeating: 0, count: energies.count)
    addValueSlopes(
      means: means(of: values), weightSlopes: weightSlopes, scales: [Double](repeating: 1, count: energies.count),
      to: &slopes)
    return slopes
  }

  /// Adds ``valueSlopes(of:weightSlopes:)`` of values with given means, multiplied by scales at every energy and a factor, to
  /// a sum of shape [energies].
  package func addValueSlopes(
    means: [Double], weightSlopes: UnsafePointer<Double>, scales: [Double], times factor: Double = 1,
    to sum: inout [Double]
  ) {
    precondition(means.count == cells.count && scales.count == energies.count && sum.count == energies.count)
    withKernel { kernel in
      sum.withUnsafeMutableBufferPointer { sum in
        guard let start = sum.baseAddress else { return }
        nutune_beam_add_value_slopes(&kernel, means, weightSlopes, scales, factor, start)
      }
    }
  }
}
