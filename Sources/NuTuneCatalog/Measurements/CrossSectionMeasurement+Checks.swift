import NuTuneCore
import NuTuneFiles
import NuTuneNumerics

extension CrossSectionMeasurement {
  /// Largest relative difference between √C_bb and the error of a bin that passes for rounding: errors are published
  /// with three digits, of which the third may be off by half, 0.5 %.
  package static let errorTolerance = 0.01
  /// Largest |C_ij − C_ji| in units of √(C_ii C_jj) that passes for rounding, of a table with five digits.
  static let asymmetryTolerance = 1e-5
  /// Most negative eigenvalue of the correlation matrix that passes for rounding, times the number of bins: elements
  /// rounded to six digits move eigenvalues by at most ε·bins.
  static let negativityTolerance = 1e-6

  /// Refuses bins that are no bins, overlap, or have values or errors that are no numbers.
  func checkBins(at location: SourceLocation?) throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: location, key: "bins", found: found, expected: expected)
    }
    guard !bins.isEmpty, values.count == bins.count, errors.count == bins.count else {
      throw refuse("\(bins.count) bins, \(values.count) values and \(errors.count) errors", "as many of each, some")
    }
    for (index, bin) in bins.enumerated() {
      for (observable, range) in ranges(of: bin) {
        guard range.lowerBound < range.upperBound, observable.range.contains(range.lowerBound),
          observable.range.contains(range.upperBound)
        else {
          throw refuse(
            name(index),
            "low < high, both from \(observable.range.lowerBound) to \(observable.range.upperBound) in "
              + "\(observable.rawValue)")
        }
      }
      guard values[index].isFinite, errors[index].isFinite, errors[index] >= 0 else {
        throw refuse("\(values[index]) ± \(errors[index]) in \(name(index))", "a finite value and an error ≥ 0")
      }
      for other in 0..<index where bins[other].overlaps(bin) {
        throw refuse("\(name(index)), which overlaps \(name(other))", "bins that do not overlap")
      }
    }
  }

  /// Refuses a matrix that is no covariance, or not that of these values.
  package func check(_ matrix: Matrix, at location: SourceLocation?) throws {
    func refuse(_ found: String, _ expected: String) -> NuTuneError {
      NuTuneError(.badData, at: location, key: "covariance", found: found, expected: expected)
    }
    guard matrix.rows == bins.count, matrix.columns == bins.count else {
      throw refuse("\(matrix.rows) × \(matrix.columns) elements", "\(bins.count) × \(bins.count), one a pair of bins")
    }
    guard matrix.elements.allSatisfy(\.isFinite) else { throw refuse("an element that is not finite", "numbers") }
    if let bin = bins.indices.first(where: { matrix[$0, $0] < 0 }) {
      throw refuse("the negative variance \(matrix[bin, bin]) of \(name(bin))", "variances ≥ 0")
    }
    let sigma = matrix.diagonal.map { $0.squareRoot() }
    for i in bins.indices {
      for j in 0..<i where abs(matrix[i, j] - matrix[j, i]) > Self.asymmetryTolerance * sigma[i] * sigma[j] {
        throw refuse(
          "\(matrix[i, j]) for \(name(i)) with bin \(j), but \(matrix[j, i]) the other way round", "a symmetric matrix")
      }
    }
    try checkErrors(sigma, refuse)
    let smallest = try Self.smallestCorrelationEigenvalue(of: matrix)
    guard smallest >= -Self.negativityTolerance * Double(bins.count) else {
      let found = SignificantDigits.text(smallest, 3)
      throw refuse("a correlation matrix with the negative eigenvalue \(found)", "a positive semidefinite matrix")
    }
  }

  /// Refuses a diagonal that does not belong to the errors, with the worst bin, and the factor where it is one in all.
  private func checkErrors(_ sigma: [Double], _ refuse: (String, String) -> NuTuneError) throws {
    let ratios = zip(sigma, errors).map { $1 > 0 ? $0 / $1 : $0 > 0 ? .infinity : 1 }
    let deviations = ratios.map { abs($0 - 1) }
    guard let worst = deviations.indices.max(by: { deviations[$0] < deviations[$1] }),
      deviations[worst] > Self.errorTolerance
    else { return }
    let middle = ratios.sorted()[ratios.count / 2]
    let isCommon = ratios.allSatisfy { abs($0 - middle) <= Self.errorTolerance * middle }
    func digits(_ value: Double) -> String { SignificantDigits.text(value, 3) }
    throw refuse(
      "√C = \(digits(sigma[worst])) in \(name(worst)), whose error is \(digits(errors[worst]))"
        + (isCommon ? ": the factor \(digits(middle)) in every bin, \(digits(middle * middle)) in the matrix" : ""),
      "the square root of the diagonal to be the error to \(digits(100 * Self.errorTolerance)) % in every bin")
  }

  /// Smallest eigenvalue of the correlation matrix; bins without variance do not count. O(bins³).
  static func smallestCorrelationEigenvalue(of covariance: Matrix) throws -> Double {
    let sigma = covariance.diagonal.map { $0.squareRoot() }
    let kept = sigma.indices.filter { sigma[$0] > 0 }
    guard !kept.isEmpty else { return 0 }
    var correlation = Matrix(rows: kept.count, columns: kept.count)
    for (row, i) in kept.enumerated() {
      for (column, j) in kept.enumerated() { correlation[row, column] = covariance[i, j] / (sigma[i] * sigma[j]) }
    }
    return try SymmetricEigen(correlation).values[0]
  }
}

extension CrossSectionMeasurement.Bin {
  /// Whether two bins share more than an edge.
  fileprivate func overlaps(_ other: Self) -> Bool {
    func overlap(_ a: ClosedRange<Double>, _ b: ClosedRange<Double>) -> Bool {
      // Edges printed from sums (0.1 + 0.2) may differ in the last digits.
      let margin = 1e-9 * max(abs(a.upperBound), abs(b.upperBound))
      return a.lowerBound < b.upperBound - margin && b.lowerBound < a.upperBound - margin
    }
    let areApart = third.flatMap { own in other.third.map { !overlap(own, $0) } } ?? false
    return overlap(first, other.first) && overlap(second, other.second) && !areApart
  }
}
