/// A quantity that an oscillation model computes from its parameters, such as the amplitude of disappearance.
public struct DerivedQuantity: Sendable, Hashable {
  /// Name in results, `sin2_2theta_mumu`.
  public var name: String
  /// The fitted parameter that moves it most; its error is half its spread over the interval of that parameter.
  public var along: String

  /// Creates a derived quantity.
  ///
  /// - Parameters:
  ///   - name: name in results.
  ///   - along: the fitted parameter that moves it most.
  public init(name: String, along: String) {
    self.name = name
    self.along = along
  }
}
