import BuiltInPlugins
import Foundation
import NuTuneCatalog
import NuTuneCore
import NuTuneFiles
import NuTuneFolding
import NuTuneImport
import NuTuneTables
import Testing
import ToyStructureFunctions

/// Files of events in a folder whose catalog has a flux from 0.5 to 2 GeV.
struct EventPlace {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    let path = try folder.file("flux.csv", "a,b,c\n0.5,1,4e-9\n1,2,1e-9\n")
    try folder.write(
      try fluxImport([try ColumnTable(commaSeparated: path)], columns: ["low,high,numu"])
        .draft(try description("beam")))
  }

  /// What an import makes of files.
  func draft(
    _ files: [String], format: EventFile.Format = .nuhepmc, _ change: (inout EventImport.Options) -> Void = { _ in }
  ) throws -> EntryDraft {
    var options = EventImport.Options()
    (options.channel, options.target, options.flux) = ("numu", "C12", "beam")
    (options.observables, options.binning) = ("cos_theta,lepton_energy", ["-1,0:1:0.5", "0.2,0.6,1,2"])
    options.fewest = 1
    change(&options)
    var interview = Interview(ask: nil)
    let registry = try BuiltInPlugins.registry()
    let events = try EventImport(
      options, format: format, catalog: Catalog(folders: [folder.catalog]), registry: registry, &interview)
    try interview.finish()
    return try #require(events).draft(files, try description("data"), python: RootPython.found)
  }

  /// The measurement as a study reads it.
  func measurement(_ draft: EntryDraft) throws -> CrossSectionMeasurement {
    try folder.write(draft)
    return try MeasurementConfiguration(try Catalog(folders: [folder.catalog]).entry(.measurements, named: "data"))
      .measurement
  }

  /// Events by hand: E_ν, E_l, cosθ and weight, in MeV as many generators write.
  func file(
    _ name: String, _ events: [(Double, Double, Double, Double)], total: String? = "1.2", neutrino: Int = 14
  ) throws -> String {
    var text = """
      HepMC::Version 3.02.05
      HepMC::Asciiv3-START_EVENT_LISTING
      W other\\|CV
      A NuHepMC.Units.CrossSection.Unit 10-38 cm2
      A NuHepMC.Units.CrossSection.TargetScale PerNucleon

      """
    if let total { text += "A NuHepMC.FluxAveragedTotalCrossSection \(total)\n" }
    for (number, event) in events.enumerated() {
      let mass = PhysicalConstants.muonMass
      let momentum = 1e3 * Kinematics.leptonMomentum(energy: event.1, mass: mass)
      let transverse = momentum * (1 - event.2 * event.2).squareRoot()
      text += """
        E \(number) 1 4
        U MEV CM
        W 7 \(event.3)
        P 1 0 \(neutrino) 0 0 \(1e3 * event.0) \(1e3 * event.0) 0 4
        P 2 0 1000060120 0 0 0 11178 11178 20
        V -1 1 [1,2]
        P 3 -1 \(neutrino - neutrino.signum()) 0 \(transverse) \(momentum * event.2) \(1e3 * event.1) 105.658 1
        P 4 -1 2009900000 0 0 0 0 0 1

        """
    }
    return try folder.file(name, text + "HepMC::Asciiv3-END_EVENT_LISTING\n")
  }
}

@Suite("Events of generators")
struct EventImportTests {
  private let place: EventPlace

  init() throws { place = try EventPlace() }

  private static let some = [
    (0.9, 0.5, 0.3, 2.0), (0.8, 0.5, 0.2, 1.0), (1.5, 1.2, 0.9, 1.0), (1.9, 1.4, 0.7, 4.0), (0.7, 0.15, 0.0, 2.0),
  ]

  @Test("weights of events become cross sections and their errors: σ Σw/W and σ √Σw²/W, over the area of the bin")
  func weights() throws {
    let draft = try place.draft([try place.file("e.hepmc3", Self.some)])
    let measurement = try place.measurement(draft)
    #expect(measurement.observables.first == .leptonEnergy && measurement.bins.count == 2)
    // Of the sum 10 of all weights: 3 in (0.2…0.6, 0…0.5), 5 in (1…2, 0.5…1); one lepton is below all bins.
    let expected = [
      (1.2 * 0.3 / 0.2, 1.2 * 5.0.squareRoot() / 10 / 0.2), (1.2 * 0.5 / 0.5, 1.2 * 17.0.squareRoot() / 10 / 0.5),
    ]
    for (bin, (value, error)) in expected.enumerated() {
      #expect(abs(measurement.values[bin] / value - 1) < 1e-12 && abs(measurement.errors[bin] / error - 1) < 1e-12)
    }
    #expect(draft.summary.contains("5 events, 5 charged currents"))
    #expect(draft.summary.contains("outside the bins 20 %"))
    let fewer = try place.draft([try place.file("e.hepmc3", Self.some)]) { $0.fewest = 1.7 }
    // (Σw)²/Σw² is 9/5 and 25/17.
    #expect(fewer.summary.contains("1 bins: lepton_energy 0.2 to 0.6"))
  }

  @Test("two files have the mean by their weights; an error of the mean cross section is common to all bins")
  func files() throws {
    let one = try place.file("1.hepmc3", Self.some, total: "1")
    let two = try place.file(
      "2.hepmc3", Self.some.map { ($0, $1, $2, 3 * $3) },
      total: "2\nA NuHepMC.FluxAveragedTotalCrossSectionUncertainty 0.8")
    let measurement = try place.measurement(try place.draft([one, two]))
    // A quarter of 1 and three quarters of 2.
    #expect(abs(measurement.values[0] / (1.75 * 0.3 / 0.2) - 1) < 1e-12)
    let covariance = try #require(measurement.covariance)
    let common = 0.4 * 0.75
    #expect(abs(covariance[0, 1] / (common * common * measurement.values[0] * measurement.values[1]) - 1) < 1e-9)
  }

  @Test("events of toy-sf that are written and read again make the histogram that they make at once")
  func roundTrip() throws {
    let registry = try BuiltInPlugins.registry()
    let flux: any FluxProvider = try PluginSelection.flux(
      "beam", registry: registry, catalog: Catalog(folders: [place.folder.catalog])
    ).make(registry)
    let toy = try ToyStructureFunctions(
      PluginConfiguration(parameters: ToyStructureFunctions.descriptor.parameters.defaults()))
    let sampler = try EventSampler(
      model: toy, reaction: Reaction(species: .numu, target: try Target(named: "C12")), flux: flux,
      resolution: .init(cells: 8, energyWidth: 0.3))
    let (edges, densities) = try sampler.fluxHistogram()
    let path = "\(place.folder.path)/toy.hepmc3"
    let writer = try NuHepMCWriter(
      path,
      EventRun(
        reaction: sampler.reaction, meanCrossSection: 0.8, meanError: 0, fluxEdges: edges, fluxDensities: densities,
        version: "1", provenance: [("seed", "1")]))
    var counts: [Int: Int] = [:]
    let (inEnergy, inCosine) = ([0.2, 0.6, 1, 2], [-1, 0, 0.5, 1])
    _ = try sampler.sample(3000, seed: 1) { events in
      for event in events {
        try writer.write(
          neutrinoEnergy: event.neutrinoEnergy, leptonEnergy: event.leptonEnergy, cosTheta: event.cosTheta,
          azimuth: event.azimuth)
        guard let i = inEnergy.lastIndex(where: { $0 <= event.leptonEnergy }) else { continue }
        counts[i * 3 + (inCosine.lastIndex { $0 <= event.cosTheta } ?? 0), default: 0] += 1
      }
    }
    try writer.close()
    let draft = try place.draft([path])
    #expect(draft.hints.filter { $0.contains("flux") } == [])
    let measurement = try place.measurement(draft)
    #expect(measurement.bins.count == counts.count)
    for (bin, value) in zip(measurement.bins, measurement.values) {
      let i = try #require(inEnergy.firstIndex(of: bin.first.lowerBound))
      let j = try #require(inCosine.firstIndex(of: bin.second.lowerBound))
      #expect(abs(value * bin.area / (0.8 * Double(counts[i * 3 + j] ?? 0) / 3000) - 1) < 1e-12)
    }
    let environment = ProcessInfo.processInfo.environment
    let packed = try Subprocess(
      "/bin/sh", ["-c", "gzip -k '\(path)'"], environment: environment, patience: .seconds(20))
    #expect(packed.exitCode == 0)
    #expect(try place.measurement(try place.draft([path + ".gz"])).values == measurement.values)
  }

  @Test("what is wrong with a file is one sentence")
  func mistakes() throws {
    let whole = try String(contentsOfFile: try place.file("e.hepmc3", Self.some), encoding: .utf8)
    func sentence(_ old: String, _ new: String, _ change: (inout EventImport.Options) -> Void = { _ in }) throws
      -> String
    {
      let path = try place.folder.file("bad.hepmc3", whole.replacing(old, with: new))
      return place.folder.sentence { _ = try place.draft([path], change) }
    }
    #expect(try sentence("W 7 4.0", "W 7 nan") == "bad.hepmc3:33: weight: found “nan”; expected a finite number")
    #expect(
      try sentence("HepMC::Asciiv3-END_EVENT_LISTING", "").contains(
        "found a file that ends after event 4, without END_EVENT_LISTING"))
    #expect(try sentence("V -1 1 [1,2]\nP 3", "V -1 1 [1,2]\nX 3").contains("event 0: found 3 particles; expected 4"))
    #expect(try sentence(" 10-38 cm2", " barn").contains("CrossSection.Unit: found “barn”; expected pb, "))
    #expect(
      try sentence("A NuHepMC.Flux", "A Flux").contains("--cross-section: found no mean cross section in the file"))
    #expect(try sentence("CrossSection 1.2", "CrossSection -1").contains("expected a cross section above zero"))
    #expect(try sentence(" 14 0", " -14 0").contains("event 0: found the neutrino -14; expected 14 (numu)"))
    #expect(try sentence("U MEV CM\n", "").contains("event 0: found no unit of momenta"))
    #expect(try sentence("", "") { $0.target = "Ar40" }.contains("found the target 1000060120; expected 1000180400"))
    #expect(try sentence("", "") { $0.crossSection = "1.3e-38 cm2/nucleon" }.contains("but the file says 1.2e-38"))
    #expect(try sentence("", "") { $0.binning = ["0,1"] }.contains("1 lists of edges; expected two"))
    #expect(try sentence("", "") { $0.fewest = 50 }.contains("no bin with 50.0 events or more"))
    let none = try place.file("none.hepmc3", [])
    #expect(
      place.folder.sentence { _ = try place.draft([none]) } == "none.hepmc3: found 0 events; expected at least one")
    let far = try place.file("far.hepmc3", Self.some.map { ($0 * 2, $1, $2, $3) })
    #expect(place.folder.sentence { _ = try place.draft([far]) }.contains("at energies that beam does not have"))
    let same = try place.file("same.hepmc3", Self.some.map { (1.5, $1, $2, $3) })
    #expect(place.folder.sentence { _ = try place.draft([same]) }.contains("neutrinos of one energy, 1.5 GeV"))
  }

  @Test("a mean cross section in a wrong unit, and another flux in the file, are doubted")
  func doubts() throws {
    let large = try place.draft([try place.file("e.hepmc3", Self.some, total: "120")])
    #expect(large.hints.contains { $0.contains("look at the flux, the mean cross section and its unit") })
    func beam(_ contents: String) -> String {
      "1.2\nA NuHepMC.Beam[14].EnergyUnit MEV\nA NuHepMC.Beam[14].Histogram.BinEdges 500 1000 2000\n"
        + "A NuHepMC.Beam[14].Histogram.BinContent \(contents)"
    }
    // The flux has 2/3 of its neutrinos below 1 GeV.
    let right = try place.draft([try place.file("e.hepmc3", Self.some, total: beam("200 100"))])
    #expect(!right.hints.contains { $0.contains("the flux in the file differs") })
    let wrong = try place.draft([try place.file("e.hepmc3", Self.some, total: beam("50 50"))])
    #expect(wrong.hints.contains { $0.hasPrefix("the flux in the file differs from beam by 16.7 %") })
  }

  @Test(
    "gst and flat trees give the same as NuHepMC", .enabled(if: RootPython.python != nil, "\(RootPython.reason)"))
  func trees() throws {
    let (genie, nuisance) = ("\(place.folder.path)/gst.root", "\(place.folder.path)/flat.root")
    try RootPython.run(
      """
      import sys, numpy, uproot
      energy, lepton, cosine, weight = numpy.array(
        [[0.9, 0.5, 0.3, 2], [0.8, 0.5, 0.2, 1], [1.5, 1.2, 0.9, 1], [1.9, 1.4, 0.7, 4], [0.7, 0.15, 0, 2]]).T
      one = numpy.ones(5, dtype="i4")
      def write(path, name, columns):
        with uproot.recreate(path) as file:
          file.mktree(name, {key: value.dtype for key, value in columns.items()}).extend(columns)
      write(sys.argv[1], "gst", {"neu": 14 * one, "fspl": 13 * one, "tgt": 1000060120 * one, "cc": one.astype("?"),
        "Ev": energy, "El": lepton, "cthl": cosine, "wght": weight})
      write(sys.argv[2], "FlatTree_VARS", {"PDGnu": 14 * one, "PDGLep": 13 * one, "tgt": 1000060120 * one,
        "cc": one.astype("?"), "Enu_true": energy, "ELep": lepton, "CosLep": cosine, "Weight": weight,
        "fScaleFactor": numpy.full(5, 0.12e-38)})
      """, genie, nuisance)
    let expected = try place.measurement(try place.draft([try place.file("e.hepmc3", Self.some)]))
    let trees = [
      try place.measurement(
        try place.draft([genie], format: .gst) { $0.crossSection = "1.2e-38 cm2/nucleon" }),
      try place.measurement(try place.draft([nuisance], format: .nuisance)),
    ]
    for tree in trees {
      #expect(tree.bins == expected.bins)
      for (one, other) in zip(tree.values + tree.errors, expected.values + expected.errors) {
        #expect(abs(one / other - 1) < 1e-9)
      }
    }
    #expect(
      place.folder.sentence { _ = try place.draft([nuisance], format: .gst) }.contains(
        "found no tree gst, but FlatTree_VARS"))
  }
}
