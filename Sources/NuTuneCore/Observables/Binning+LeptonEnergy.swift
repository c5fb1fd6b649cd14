import Foundation

extension Binning {
  /// The lowest energy in GeV of a lepton of a species in the bins.
  public func lowestLeptonEnergy(of species: NeutrinoSpecies) -> Double {
    let mass = species.leptonMass
    func energy(_ momentum: Double) -> Double { (momentum * momentum + mass * mass).squareRoot() }
    let lowest = grids.map { grid in
      switch grid.first.observable {
      case .leptonEnergy: return max(grid.first.edges[0], mass)
      case .leptonMomentum: return energy(grid.first.edges[0])
      case .quasielasticEnergy: return grid.quasielasticLeptonEnergies(of: species).lowerBound
      case .energyTransfer, .momentumTransfer: return mass
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
      if grid.first.observable == .quasielasticEnergy {
        return grid.quasielasticLeptonEnergies(of: species).upperBound
      }
      // Transfers to the nucleus say nothing of the lepton.
      if [.energyTransfer, .momentumTransfer].contains(grid.first.observable) { return .infinity }
      guard grid.first.observable != .leptonEnergy else { return end }
      let along =
        grid.first.observable == .transverseMomentum
        ? max(abs(grid.second.edges[0]), abs(grid.second.edges[grid.second.count])) : 0
      return (end * end + along * along + mass * mass).squareRoot()
    }
    return highest.max() ?? mass
  }
}

extension BinGrid {
  /// Lowest and highest energy in GeV of leptons in bins of quasi-elastic energy and angle.
  fileprivate func quasielasticLeptonEnergies(of species: NeutrinoSpecies) -> ClosedRange<Double> {
    let mass = species.leptonMass
    let quasielastic = QuasielasticEnergy(
      of: species, bindingEnergy: first.bindingEnergy ?? QuasielasticEnergy.defaultBindingEnergy)
    func cosTheta(_ value: Double) -> Double { second.observable == .theta ? cos(value * Double.pi / 180) : value }
    let ends = [cosTheta(second.edges[0]), cosTheta(second.edges[second.count])]
    func energy(_ momentum: Double) -> Double { (momentum * momentum + mass * mass).squareRoot() }
    // At one E_QE leptons are the slower the larger the angle; those of a lower E_QE at the lowest momenta are in no bin.
    let below = quasielastic.momenta(upTo: first.edges[0], cosTheta: ends.min() ?? -1)
    let highest = quasielastic.momenta(upTo: first.edges[first.count], cosTheta: ends.max() ?? 1)?.upperBound ?? 0
    let lowest = below.map { $0.lowerBound > 0 ? 0 : $0.upperBound } ?? 0
    return energy(min(lowest, highest))...energy(highest)
  }
}
