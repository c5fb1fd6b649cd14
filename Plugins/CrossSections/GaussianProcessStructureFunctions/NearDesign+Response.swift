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

  /// Computes the whitened changes of the data with response parameters, as ``whitened(modulations:_:)`` does for weights;
  /// shape [rows × parameters].
  func whitenedResponse(parameters: Int, modulations: [[[Double]]]) throws -> Matrix {
    var elements: [Double] = []
    for sample in samples {
      let linearised = try linearised(sample, modulations)
      let values = sample.components[0].modulated.values(modulations[sample.components[0].nucleus])
      var changes = Matrix(rows: sample.binCount, columns: parameters)
      for (parameter, slope) in sample.responseSlopes.enumerated() {
        for (bin, change) in rates(slope, values).enumerated() where linearised.isReached[bin] {
          changes[bin, parameter] = linearised.unit * change
        }
      }
      elements += try linearised.term.pullChanges(changes).elements
    }
    return try Matrix(rows: rowCount, columns: parameters, elements: elements)
  }
}
