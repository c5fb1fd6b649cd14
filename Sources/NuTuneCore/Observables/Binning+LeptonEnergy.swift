extension Binning {
  /// The lowest energy in GeV of a lepton of a species in the bins.
  public func lowestLeptonEnergy(of species: NeutrinoSpecies) -> Double {
    let mass = species.leptonMass
    func energy(_ momentum: Double) -> Double { (momentum * momentum + mass * mass).squareRoot() }
    let lowest = grids.map { grid in
      switch grid.first.observable {
      case .leptonEnergy: return max(grid.first.edges[0], mass)
      case .leptonMomentum: return energy(grid.first.edges[0])
      default:
        // p_T beside p_∥, of which the one nearest to zero counts.
        let along = max(grid.second.edges[0], -(grid.second.edges.last ?? 0), 0)
        return energy((grid.first.edges[0] * grid.first.edges[0] + along * along).squareRoot())
      }
    }
    return lowest.min() ?? mass
  }
  /// The highest energy in GeV of a lepton of a species in the bins.
  public func highestLeptonEnergy(of species: NeutrinoSpecies) -> Double {
    let mass = species.leptonMass
    let highest = grids.map { grid in
      let end = grid.first.edges[grid.first.count]
      guard grid.first.observable != .leptonEnergy else { return end }
      let along =
        grid.first.observable == .transverseMomentum
        ? max(abs(grid.second.edges[0]), abs(grid.second.edges[grid.second.count])) : 0
      return (end * end + along * along + mass * mass).squareRoot()
    }
    return highest.max() ?? mass
  }
}
