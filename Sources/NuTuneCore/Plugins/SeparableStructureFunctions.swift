/// A structure-function model that is a sum of parts, of which most parameters change one: a fit of its parameters then
/// computes that part again, and not all of them.
public protocol SeparableStructureFunctions: StructureFunctionModel {
  /// Computes the sum of those parts of W₁…W₅, in GeV⁻¹ per nucleon, that a parameter changes. Two models that differ in
  /// this parameter alone differ by the difference of these sums.
  ///
  /// - Parameters:
  ///   - parameter: name as declared; none that the model declares may be left out.
  ///   - reaction: the reaction.
  ///   - points: where, with ω > 0 and Q² > 0.
  func structureFunctions(changedBy parameter: String, of reaction: Reaction, at points: InvariantPoints) throws
    -> StructureFunctions
}
