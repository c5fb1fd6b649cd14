/// How the node operator of a sample follows the response parameters of a tuning problem.
public protocol ResponseVariation: Sendable {
  /// Expands the operator to second order.
  ///
  /// - Parameter displacements: of all ``TuningProblem/responseParameters``, in their units.
  /// - Throws: `NuTuneError` when the detector refuses a number.
  func expansion(around displacements: [Double]) throws -> any ResponseExpansion
}
