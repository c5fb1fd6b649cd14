/// A charged-current reaction: a neutrino species on a target.
public struct Reaction: Sendable, Hashable {
  /// The neutrino species, which determines the outgoing lepton.
  public var species: NeutrinoSpecies
  /// The nucleus.
  public var target: Target

  /// Creates a reaction.
  public init(species: NeutrinoSpecies, target: Target) {
    self.species = species
    self.target = target
  }
}
