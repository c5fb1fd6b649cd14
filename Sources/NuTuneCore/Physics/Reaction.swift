/// A charged-current reaction: which neutrino on which target.
public struct Reaction: Sendable, Hashable {
  /// The neutrino, and so the outgoing lepton.
  public var species: NeutrinoSpecies
  /// The nucleus.
  public var target: Target

  /// A reaction.
  public init(species: NeutrinoSpecies, target: Target) {
    self.species = species
    self.target = target
  }
}
