/// One term of a likelihood: how well predicted rates agree with the bins of one dataset.
///
/// A likelihood is a sum of terms, one for each dataset. A model that learns minimises it over rates without knowing whether
/// a term compares shapes (``ShapeTerm``), numbers of events (``PoissonTerm``) or values with a covariance
/// (``GaussianTerm``).
public protocol LikelihoodTerm: Sendable {
  /// Number of bins.
  var binCount: Int { get }

  /// What a value stands for: −2lnL = 2 · scale · value. The number of events where there are events, of bins elsewhere.
  var scale: Double { get }

  /// Returns −2lnL / (2 · scale) of predicted rates relative to a perfect prediction, and writes its derivatives with
  /// respect to the rates; both buffers have the shape [bins].
  ///
  /// - Throws: `TermError` where rates make no likelihood.
  func evaluate(
    rates: UnsafeBufferPointer<Double>, gradient: UnsafeMutableBufferPointer<Double>
  ) throws(TermError) -> Double
}

extension LikelihoodTerm {
  /// Returns −2lnL of rates with its derivatives with respect to them, shape [bins].
  public func minusTwoLogLikelihood(of rates: [Double]) throws(TermError) -> (value: Double, gradient: [Double]) {
    var gradient = [Double](repeating: 0, count: rates.count)
    var result: Result<Double, TermError> = .success(0)
    rates.withUnsafeBufferPointer { rates in
      gradient.withUnsafeMutableBufferPointer { gradient in
        do throws(TermError) {
          result = .success(try evaluate(rates: rates, gradient: gradient))
        } catch {
          result = .failure(error)
        }
      }
    }
    let value = try result.get()
    return (2 * scale * value, gradient.map { 2 * scale * $0 })
  }
}
