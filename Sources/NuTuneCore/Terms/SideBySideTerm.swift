import NuTuneNumerics

/// Terms of values that are independent of one another, as one of all bins, one term after the other: χ² is their sum.
///
/// What acts on all of them, such as a flux that is fitted (``FluxComponentTerm``), then acts on one term.
public struct SideBySideTerm: ResidualTerm {
  /// The terms, in the order of their bins.
  public let terms: [any ResidualTerm]
  /// The inverse of the covariance of all, block by block.
  public let whitening: CovarianceWhitening

  /// Creates a term.
  ///
  /// - Parameter terms: at least one.
  public init(_ terms: [any ResidualTerm]) {
    precondition(!terms.isEmpty, "a likelihood of nothing")
    self.terms = terms
    whitening = CovarianceWhitening(sideBySide: terms.map(\.whitening))
  }

  /// Number of bins of all.
  public var binCount: Int { terms.reduce(0) { $0 + $1.binCount } }
  /// Whether the covariance of any does.
  public var followsPrediction: Bool { terms.contains(where: \.followsPrediction) }
  /// Number of bins.
  public var scale: Double { Double(binCount) }
  /// Number of residuals of all.
  public var residualCount: Int { terms.reduce(0) { $0 + $1.residualCount } }

  /// See ``LikelihoodTerm``.
  public func evaluate(
    rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double {
    var (value, first) = (0.0, 0)
    for term in terms {
      let bins = first..<(first + term.binCount)
      let own = UnsafeMutableBufferPointer(rebasing: gradient[bins])
      let weight = term.scale / scale
      value += weight * (try term.evaluate(rates: UnsafeBufferPointer(rebasing: rates[bins]), gradient: own))
      for bin in own.indices { own[bin] *= weight }
      first = bins.upperBound
    }
    return value
  }

  /// See ``ResidualTerm``.
  public func residuals(of rates: [Double]) throws(TermError) -> Residuals {
    var (values, blocks): ([Double], [Matrix]) = ([], [])
    for (term, rates) in zip(terms, parts(of: rates)) {
      let residuals = try term.residuals(of: rates)
      values += residuals.values
      blocks.append(residuals.jacobian)
    }
    return Residuals(values: values, jacobian: Matrix(blocks: blocks))
  }

  /// The same with the next term of each.
  public func renewed(with rates: [Double]) throws(TermError) -> SideBySideTerm {
    var next: [any ResidualTerm] = []
    for (term, rates) in zip(terms, parts(of: rates)) { next.append(try term.renewed(with: rates)) }
    return SideBySideTerm(next)
  }

  /// The rates of each term, shape [terms][bins].
  private func parts(of rates: [Double]) -> [[Double]] {
    var first = 0
    return terms.map { term in
      defer { first += term.binCount }
      return Array(rates[first..<(first + term.binCount)])
    }
  }
}
