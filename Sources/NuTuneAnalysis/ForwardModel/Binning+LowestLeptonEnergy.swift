import NuTuneCore

extension Binning {
  /// The lowest energy in GeV of a lepton in the bins.
  package func lowestLeptonEnergy(of species: NeutrinoSpecies) -> Double {
    let mass = species.leptonMass
    func energy(_ momentum: Double) -> Double { (momentum * momentum + mass * mass).squareRoot() }
    switch first.observable {
    case .leptonEnergy: return max(first.edges[0], mass)
    case .leptonMomentum: return energy(first.edges[0])
    default:
      // p_T beside p_∥, of which the one nearest to zero counts.
      let along = max(second.edges[0], -(second.edges.last ?? 0), 0)
      return energy((first.edges[0] * first.edges[0] + along * along).squareRoot())
    }
  }
}
