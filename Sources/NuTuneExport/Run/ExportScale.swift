/// What is known of the absolute scale of an exported cross section.
package enum ExportScale: Sendable, Equatable {
  /// The model has a scale of its own.
  case absolute
  /// The model learned measured cross sections, whose scale it has.
  case measured
  /// The model learned a shape; it is multiplied with this factor, which gives it the true near rate.
  case nearRate(Double)
  /// The model learned a shape, and nothing in the run fixes its scale.
  case arbitrary

  /// Factor on the model.
  var factor: Double {
    if case .nearRate(let factor) = self { return factor }
    return 1
  }

  /// A sentence for the header of a file.
  var sentence: String {
    switch self {
    case .absolute: "absolute, the model's own"
    case .measured: "absolute, from measured cross sections"
    case .nearRate(let factor): "that of the true near-detector rate (factor \(factor) on the learned shape)"
    case .arbitrary: "arbitrary: a shape was learned and nothing in the run fixes the scale"
    }
  }
}
