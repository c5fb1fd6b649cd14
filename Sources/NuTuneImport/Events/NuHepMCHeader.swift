import NuTuneCore

/// The attributes of a run in a NuHepMC file (arXiv:2310.13211), versions 0.9 and 1.0.
struct NuHepMCHeader {
  /// Attributes by name, as texts.
  var attributes: [String: String] = [:]
  /// Names of the weights of an event.
  var weights: [String] = []

  /// Place of the weight that makes cross sections, G.R.7.
  var centralWeight: Int { weights.firstIndex(of: "CV") ?? 0 }

  /// Whether the numbers of processes say what is a charged current, E.C.1.
  var hasProcessRanges: Bool {
    (attributes["NuHepMC.Conventions"] ?? "").split(separator: " ").contains("E.C.1")
  }

  /// The mean cross section of G.C.2 with its error, in 10⁻³⁸ cm² per nucleon; nil without one.
  func total(at location: SourceLocation, target: Target) throws -> EventNormalization? {
    let name = "NuHepMC.FluxAveragedTotalCrossSection"
    guard let text = attributes[name] else { return nil }
    guard let value = Double(text), value > 0, value.isFinite else {
      throw NuTuneError(
        .badData, at: location, key: name, found: "“\(text)”", expected: "a cross section above zero")
    }
    let error = attributes[name + "Uncertainty"].flatMap(Double.init) ?? 0
    let unit = try unit(at: location, target: target)
    return .total(value * unit, error: error.isFinite ? abs(error) * unit : 0)
  }

  /// The unit of cross sections in 10⁻³⁸ cm² per nucleon, G.R.6.
  func unit(at location: SourceLocation, target: Target) throws -> Double {
    func refuse(_ name: String, _ expected: String) -> NuTuneError {
      NuTuneError(
        .badData, at: location, key: name, found: attributes[name].map { "“\($0)”" } ?? "nothing", expected: expected)
    }
    let (unitName, scaleName) = ("NuHepMC.Units.CrossSection.Unit", "NuHepMC.Units.CrossSection.TargetScale")
    let units = ["pb": 100.0, "10-38 cm2": 1, "1e-38 cm2": 1, "cm2": 1e38]
    guard let unit = attributes[unitName].flatMap({ units[$0] }) else {
      throw refuse(unitName, "pb, 10-38 cm2 or cm2")
    }
    switch attributes[scaleName] {
    case "PerNucleon", "PerTargetNucleon": return unit
    case "PerAtom", "PerTargetAtom":
      guard !["CH", "CH2", "H2O"].contains(target.name) else {
        throw refuse(scaleName, "PerNucleon, because \(target.name) is more than one nucleus")
      }
      return unit / Double(target.nucleons)
    default: throw refuse(scaleName, "PerAtom or PerNucleon")
    }
  }

  /// The histograms of the flux, G.C.4, as neutrinos in each bin.
  func beams() -> [Int: (edges: [Double], contents: [Double])] {
    var beams: [Int: (edges: [Double], contents: [Double])] = [:]
    for (name, text) in attributes where name.hasPrefix("NuHepMC.Beam[") && name.hasSuffix("].Histogram.BinEdges") {
      let number = name.dropFirst("NuHepMC.Beam[".count).prefix { $0 != "]" }
      let beam = "NuHepMC.Beam[\(number)]"
      let unit = attributes["\(beam).EnergyUnit"]?.uppercased() == "MEV" ? 1e-3 : 1
      let edges = text.split(separator: " ").compactMap { Double($0) }.map { $0 * unit }
      var contents = (attributes["\(beam).Histogram.BinContent"] ?? "").split(separator: " ").compactMap { Double($0) }
      guard let number = Int(number), edges.count == contents.count + 1, !contents.isEmpty else { continue }
      if ["1", "true"].contains(attributes["\(beam).Histogram.ContentIsPerWidth"]) {
        for bin in contents.indices { contents[bin] *= edges[bin + 1] - edges[bin] }
      }
      beams[number] = (edges, contents)
    }
    return beams
  }
}
