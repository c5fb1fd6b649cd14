import NuTuneCore

/// A collapsed fold table as operator for tuning: from node values on the active nodes to bins.
///
/// Where the hadronic energy is measured, the coefficients are still those of the lepton's bins: what divides these further
/// are probabilities at the nodes, which cost no coefficient.
public struct CollapsedFold: NodeOperator {
  private let single: RunLengthFold<Float>
  private let double: RunLengthFold<Double>
  private let singleParts: RunLengthFold<Float>.Parts?
  private let doubleParts: RunLengthFold<Double>.Parts?
  private let active: ActiveNodes
  /// Measured bin of every product (row of the fold, hadronic bin), −1 for none, with the number of measured bins: where
  /// E_l + E_had is measured rows are summed, and where lepton bins are divided each in its own way hadronic bins are; nil
  /// where every product is a measured bin.
  private let sums: (places: [Int], count: Int)?

  /// Number of nodes.
  public var nodeCount: Int { single.nodes }
  /// Number of bins.
  public var binCount: Int { sums?.count ?? single.rows * (doubleParts?.count ?? 1) }

  /// Creates an operator from runs on a set of nodes.
  ///
  /// - Parameters:
  ///   - runs: of the bins of the lepton.
  ///   - nodes: the active nodes.
  ///   - hadronic: probabilities of hadronic bins that divide each of them; nil for none.
  public init(_ runs: NodeRuns, nodes: ActiveNodes, hadronic: HadronicProbabilities? = nil) throws {
    let starts = try runs.start.map { try nodes.position(of: Int($0)) }
    do {
      single = try RunLengthFold(
        nodes: nodes.count, rowRunOffsets: runs.binOffsets, runStart: starts, runLength: runs.length,
        coefficientsA: runs.a, coefficientsB: runs.b, coefficientsC: runs.c)
      double = try RunLengthFold(
        nodes: nodes.count, rowRunOffsets: runs.binOffsets, runStart: starts, runLength: runs.length,
        coefficientsA: runs.a, coefficientsB: runs.b, coefficientsC: runs.c)
    } catch let failure {
      throw NuTuneError(.internalError, key: "fold", found: "\(failure)", expected: "runs inside the active nodes")
    }
    active = nodes
    sums = Self.sums(hadronic, rows: runs.binCount)
    (singleParts, doubleParts) = Self.parts(hadronic, nodes)
  }

  private init(_ other: CollapsedFold, hadronic: HadronicProbabilities?) {
    (single, double, active) = (other.single, other.double, other.active)
    sums = Self.sums(hadronic, rows: other.single.rows)
    (singleParts, doubleParts) = Self.parts(hadronic, active)
  }

  /// The same operator with another hadronic response; the coefficients are shared.
  public func replacingHadronic(by hadronic: HadronicProbabilities?) -> CollapsedFold {
    CollapsedFold(self, hadronic: hadronic)
  }

  /// The same operator with any numbers in place of the probabilities of hadronic bins, such as their derivatives; the
  /// coefficients are shared.
  ///
  /// - Parameters:
  ///   - values: at the nodes of the operator, one bin after the other, shape [bins][nodes]. In bins of reconstructed
  ///     energy they would differ between bins of the lepton, which is not possible here.
  ///   - bins: number of hadronic bins.
  public func dividing(by values: [Double], bins: Int) -> CollapsedFold {
    CollapsedFold(
      self, RunLengthFold<Float>.Parts(values, count: bins), RunLengthFold<Double>.Parts(values, count: bins))
  }

  private init(
    _ other: CollapsedFold, _ singleParts: RunLengthFold<Float>.Parts, _ doubleParts: RunLengthFold<Double>.Parts
  ) {
    (single, double, active, sums) = (other.single, other.double, other.active, other.sums)
    (self.singleParts, self.doubleParts) = (singleParts, doubleParts)
  }

  private static func sums(_ hadronic: HadronicProbabilities?, rows: Int) -> (places: [Int], count: Int)? {
    guard let hadronic, !hadronic.isCertain, hadronic.reconstruction != nil || hadronic.runs != nil else { return nil }
    precondition(hadronic.reconstruction.map { $0.groups.count == rows } ?? true)
    let parts = hadronic.binCount
    let wholes = hadronic.reconstruction?.whole ?? Array(0..<rows)
    let ofParts = hadronic.places
    let places = wholes.flatMap { whole in
      (0..<parts).map { part in ofParts.map { $0.ofParts[whole * parts + part] } ?? whole * parts + part }
    }
    return (places, ofParts?.count ?? (hadronic.reconstruction?.wholeCount ?? rows) * parts)
  }

  private static func parts(
    _ hadronic: HadronicProbabilities?, _ nodes: ActiveNodes
  ) -> (RunLengthFold<Float>.Parts?, RunLengthFold<Double>.Parts?) {
    // A fold of the lepton alone keeps every bit.
    guard let hadronic, !hadronic.isCertain else { return (nil, nil) }
    precondition(hadronic.grid == nodes.grid)
    let rows = hadronic.atNodes.map { $0.map { row in nodes.gridIndices.map { row[$0] } } }
    let groups = hadronic.reconstruction?.groups ?? []
    return (RunLengthFold<Float>.Parts(rows, groups: groups), RunLengthFold<Double>.Parts(rows, groups: groups))
  }

  /// Computes rates from node values, shape [3][nodes].
  public func apply(_ values: UnsafeBufferPointer<Float>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    apply(single, singleParts, values, rates: rates, threads: threads)
  }

  /// Computes rates from node values, shape [3][nodes].
  public func apply(_ values: UnsafeBufferPointer<Double>, rates: UnsafeMutableBufferPointer<Double>, threads: Int) {
    apply(double, doubleParts, values, rates: rates, threads: threads)
  }

  /// Computes the gradient with respect to node values.
  public func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Float>, threads: Int
  ) {
    applyTranspose(single, singleParts, gradient, values: values, threads: threads)
  }

  /// Computes the gradient with respect to node values.
  public func applyTranspose(
    _ gradient: UnsafeBufferPointer<Double>, values: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    applyTranspose(double, doubleParts, gradient, values: values, threads: threads)
  }

  private func apply<Scalar: FoldScalar>(
    _ fold: RunLengthFold<Scalar>, _ parts: RunLengthFold<Scalar>.Parts?, _ values: UnsafeBufferPointer<Scalar>,
    rates: UnsafeMutableBufferPointer<Double>, threads: Int
  ) {
    let n = fold.nodes
    let a = UnsafeBufferPointer(rebasing: values[0..<n])
    let b = UnsafeBufferPointer(rebasing: values[n..<2 * n])
    let c = UnsafeBufferPointer(rebasing: values[2 * n..<3 * n])
    if let parts, let sums {
      var products = [Double](repeating: 0, count: fold.rows * parts.count)
      products.withUnsafeMutableBufferPointer { fold.apply(parts, a: a, b: b, c: c, result: $0, threads: threads) }
      for bin in rates.indices { rates[bin] = 0 }
      for (product, bin) in sums.places.enumerated() where bin >= 0 { rates[bin] += products[product] }
    } else if let parts {
      fold.apply(parts, a: a, b: b, c: c, result: rates, threads: threads)
    } else {
      fold.apply(a: a, b: b, c: c, result: rates, threads: threads)
    }
  }

  private func applyTranspose<Scalar: FoldScalar>(
    _ fold: RunLengthFold<Scalar>, _ parts: RunLengthFold<Scalar>.Parts?, _ gradient: UnsafeBufferPointer<Double>,
    values: UnsafeMutableBufferPointer<Scalar>, threads: Int
  ) {
    let n = fold.nodes
    let a = UnsafeMutableBufferPointer(rebasing: values[0..<n])
    let b = UnsafeMutableBufferPointer(rebasing: values[n..<2 * n])
    let c = UnsafeMutableBufferPointer(rebasing: values[2 * n..<3 * n])
    if let parts, let sums {
      let ofProducts = sums.places.map { $0 < 0 ? 0 : gradient[$0] }
      ofProducts.withUnsafeBufferPointer { fold.applyTranspose(parts, $0, a: a, b: b, c: c, threads: threads) }
    } else if let parts {
      fold.applyTranspose(parts, gradient, a: a, b: b, c: c, threads: threads)
    } else {
      fold.applyTranspose(gradient, a: a, b: b, c: c, threads: threads)
    }
  }
}
