/// A flux that differs from the nominal one: a relative change δ for every bin. The flux is (1 + δ) times the nominal
/// flux, constant within a bin as uncertainties are published.
///
/// A bin contains its lower edge, the last bin of a spectrum its upper edge as well. The flux is nominal at energies
/// that no bin covers, and for every site, horn mode and species without bins.
public struct FluxVariation: Sendable, Equatable {
  /// The bins; the bins of each spectrum (site, horn mode, species) ascend in energy without gaps.
  public let bins: [FluxBin]
  /// Relative change δ of the flux in each bin, dimensionless, shape [bins].
  public let relativeChanges: [Double]

  /// Creates a variation from the relative changes of some bins, shape [bins].
  public init(bins: [FluxBin], relativeChanges: [Double]) {
    precondition(bins.count == relativeChanges.count, "a variation has one relative change a bin")
    self.bins = bins
    self.relativeChanges = relativeChanges
  }

  /// The nominal flux: without bins, nothing changes.
  public static let nominal = FluxVariation(bins: [], relativeChanges: [])

  /// Returns the relative changes δ of a spectrum at neutrino energies in GeV, dimensionless, shape [energies]; exactly
  /// 0 where no bin covers. Use it for quantities that are linear in the flux.
  ///
  /// - Complexity: O(bins + energies · log bins).
  public func changes(site: DetectorSite, mode: String, species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    let spectrum = bins.indices.filter { bins[$0].belongs(to: site, mode, species) }
    guard let last = spectrum.last else { return [Double](repeating: 0, count: energies.count) }
    return energies.map { energy in
      if energy == bins[last].high { return relativeChanges[last] }
      // The first bin that ends above the energy covers it, unless the energy is below the whole spectrum.
      var (lower, upper) = (0, spectrum.count)
      while lower < upper {
        let middle = (lower + upper) / 2
        if bins[spectrum[middle]].high > energy { upper = middle } else { lower = middle + 1 }
      }
      guard lower < spectrum.count, lower > 0 || energy >= bins[spectrum[0]].low else { return 0 }
      return relativeChanges[spectrum[lower]]
    }
  }

  /// Returns the factors max(0, 1 + δ) on the nominal flux of a spectrum at neutrino energies in GeV, dimensionless,
  /// shape [energies]; exactly 1 where no bin covers. A flux is not negative: a change below −1, which a normal
  /// distribution allows and which matters only where the uncertainty is near 100 %, gives zero flux.
  public func factors(site: DetectorSite, mode: String, species: NeutrinoSpecies, at energies: [Double]) -> [Double] {
    changes(site: site, mode: mode, species: species, at: energies).map { max(0, 1 + $0) }
  }

  /// Returns the energies in GeV at which the factors of a spectrum jump: its bin edges, strictly increasing; empty
  /// without bins.
  public func breakpoints(site: DetectorSite, mode: String, species: NeutrinoSpecies) -> [Double] {
    let spectrum = bins.filter { $0.belongs(to: site, mode, species) }
    return spectrum.prefix(1).map(\.low) + spectrum.map(\.high)
  }
}

extension FluxVariation: Codable {
  private enum CodingKeys: String, CodingKey {
    case bins
    case relativeChanges = "relative_changes"
  }

  /// Reads bins and changes; throws unless their numbers agree.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let bins = try container.decode([FluxBin].self, forKey: .bins)
    let changes = try container.decode([Double].self, forKey: .relativeChanges)
    guard bins.count == changes.count else {
      throw DecodingError.dataCorruptedError(
        forKey: .relativeChanges, in: container,
        debugDescription: "\(changes.count) relative changes; expected \(bins.count), one a bin")
    }
    self.init(bins: bins, relativeChanges: changes)
  }
}
