extension Binning {
  /// Widest bin of lepton energy or momentum, in GeV, in which E_l may be taken as uniform where E_l + E_had is measured.
  ///
  /// What that leaves is of second order: the difference of the spectra at both ends of the bin, times width²/12, times the
  /// density of E_had at an edge.
  private static let widestPart = 0.05
  /// Least number of such parts in a bin of E_rec.
  private static let partsOfBin = 4.0

  /// Whether E_rec = E_l + E_had is measured in more than one bin, whose probabilities depend on E_l beside ω.
  public var dividesByReconstructedEnergy: Bool {
    hadronic.map { $0.observable == .reconstructedEnergy && ($0.count > 1 || endsAtHadronicEdges) } ?? false
  }

  /// The bins of the lepton in which rates are folded, and for each of them the bin of ``lepton`` that it is a part of.
  ///
  /// They are those of the lepton, except where the reconstructed energy is measured: bins are then divided along E_l or p_l
  /// into parts of at most 0.05 GeV and a quarter of the narrowest bin of E_rec, up to where every event is in the last bin.
  public var folded: (lepton: Binning, whole: [Int]) {
    guard let axis = hadronic, dividesByReconstructedEnergy else { return (lepton, Array(0..<leptonCount)) }
    let narrowest = (0..<axis.count).map(axis.width).min() ?? Self.widestPart
    let step = min(Self.widestPart, narrowest / Self.partsOfBin)
    // E_rec is never below E_l, and E_l never below p_l.
    let end = axis.edges[endsAtHadronicEdges ? axis.count : axis.count - 1]
    var (parts, whole, start): ([BinGrid], [Int], Int) = ([], [], 0)
    for grid in grids {
      var (edges, rows): ([Double], [Int]) = ([grid.first.edges[0]], [])
      for row in 0..<grid.first.count {
        let (low, high) = (grid.first.edges[row], grid.first.edges[row + 1])
        let top = min(max(end, low), high)
        // Edges are printed sums, 0.3 / 0.05 may be a little above 6.
        let count = Int(max((top - low) / step - 1e-9, 0).rounded(.up))
        for part in 0..<count where part > 0 {
          edges.append(low + (top - low) * Double(part) / Double(count))
        }
        if count > 0, top < high { edges.append(top) }
        edges.append(high)
        rows += [Int](repeating: row, count: edges.count - 1 - rows.count)
      }
      var part = grid
      part.first.edges = edges
      parts.append(part)
      whole += rows.flatMap { row in (0..<grid.second.count).map { start + row * grid.second.count + $0 } }
      start += grid.count
    }
    return (Binning(grids: parts, leptonCount: whole.count, largestAngle: largestAngle), whole)
  }

  /// Range of the energy in GeV of a lepton of a species in each bin, shape [lepton bins]; for bins in E_l or p_l.
  public func leptonEnergies(of species: NeutrinoSpecies) -> [ClosedRange<Double>] {
    let mass = species.leptonMass
    return (0..<leptonCount).map { bin in
      let range = leptonRanges(of: bin).first
      guard grids[0].first.observable == .leptonMomentum else { return range }
      func energy(_ momentum: Double) -> Double { (momentum * momentum + mass * mass).squareRoot() }
      return energy(range.lowerBound)...energy(range.upperBound)
    }
  }

  /// Refuses a third observable that is one of the lepton, or E_l + E_had beside bins that do not say E_l.
  static func check(third: Observable, beside grid: BinGrid, at location: SourceLocation?) throws {
    guard !third.isOfLepton else {
      throw NuTuneError(
        .badData, at: location, key: "binning", found: "\(third.rawValue) as a third observable",
        expected: "\(Observable.hadronicEnergy.rawValue) or \(Observable.reconstructedEnergy.rawValue)")
    }
    let energies: [Observable] = [.leptonEnergy, .leptonMomentum]
    let angles: [Observable] = [.cosTheta, .theta]
    guard
      third == .hadronicEnergy || energies.contains(grid.first.observable) && angles.contains(grid.second.observable)
    else {
      throw NuTuneError(
        .badData, at: location, key: "binning", found: "\(third.rawValue) beside \(grid.name)",
        expected: "(lepton_energy or lepton_momentum, cos_theta or theta) beside it")
    }
  }
}
