/// Labels of the fits of a model. The fit that integrates out the posterior modes has the label of its model, the fit at
/// the posterior mean that label with an ending, which no label of a study has.
package enum FitLabel {
  private static let ending = ".at_posterior_mean"
  private static let formerEnding = ".frozen"

  /// Returns the label of the fit at the posterior mean of a model.
  package static func atPosteriorMean(of model: String) -> String { model + ending }

  /// Whether a label is that of a fit at the posterior mean.
  package static func isAtPosteriorMean(_ label: String) -> Bool { label.hasSuffix(ending) }

  /// Returns the label of the model of a fit.
  package static func model(of label: String) -> String {
    isAtPosteriorMean(label) ? String(label.dropLast(ending.count)) : label
  }

  /// Returns a label of a file, that of an older version too, as it is today.
  ///
  /// - Parameter models: labels of the models of the study.
  package static func today(of label: String, models: [String]) -> String {
    let model = String(label.dropLast(formerEnding.count))
    guard label.hasSuffix(formerEnding), models.contains(model), !models.contains(label) else { return label }
    return atPosteriorMean(of: model)
  }
}
