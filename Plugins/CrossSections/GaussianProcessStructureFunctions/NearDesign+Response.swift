import NuTuneCore
import NuTuneNumerics

extension NearDesign {
  /// The same design with the operators of the derivatives with respect to response parameters, shape
  /// [samples][parameters].
  func followingResponse(_ slopes: [[any NodeOperator]]) -> NearDesign {
    with(
      zip(samples, slopes).map {
        var sample = $0
        sample.responseSlopes = $1
        return sample
      })
  }

  /// Computes the whitened changes of the data with response parameters, as ``whitened(modulations:basis:mixing:_:)`` does
  /// for weights; shape [rows × parameters].
  func whitenedResponse(parameters: Int, modulations: [[Double]]) throws -> Matrix {
    var elements: [Double] = []
    for sample in samples {
      let (expected, _, isReached) = linearised(sample, modulations)
      let functions = Self.sum(sample.nuclei.map { (theory.functions($0.fields, modulations: modulations), $0.share) })
      let values = sample.tensor.nodeValues(of: functions, at: nodes).flatMap { $0 }
      func rates(_ operation: any NodeOperator) -> [Double] {
        var rates = [Double](repeating: 0, count: sample.binCount)
        rates.withUnsafeMutableBufferPointer { rates in
          values.withUnsafeBufferPointer { operation.apply($0, rates: rates, threads: threads) }
        }
        return zip(rates, isReached).map { $1 ? $0 : 0 }
      }
      var changes = Matrix(rows: sample.binCount, columns: parameters)
      for (parameter, slope) in sample.responseSlopes.enumerated() {
        for (bin, change) in rates(slope).enumerated() { changes[bin, parameter] = change }
      }
      if let term = sample.term {
        elements += try LinearisedTerm(term, at: expected, strength: sample.strength).pullChanges(changes).elements
        continue
      }
      let factor = sample.events / total(of: sample, modulations: modulations)
      let sums = (0..<parameters).map { changes.column($0).reduce(0, +) }
      for bin in 0..<sample.binCount {
        let root = expected[bin].squareRoot()
        let share = isReached[bin] ? expected[bin] / sample.events : 0
        for parameter in 0..<parameters {
          elements.append(root > 0 ? factor * (changes[bin, parameter] - share * sums[parameter]) / root : 0)
        }
      }
    }
    return try Matrix(rows: rowCount, columns: parameters, elements: elements)
  }
}
