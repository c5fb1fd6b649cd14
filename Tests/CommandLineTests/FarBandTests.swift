import Foundation
import GaussianProcessStructureFunctions
import NuTuneCore
import NuTuneFiles
import NuTuneNumerics
import NuTuneResults
import Testing

/// The bands of a learned process at the far detector against a dense computation from its saved posterior: every weight
/// direction by differences of the displaced model, on a lattice of neutrino and lepton energies of the test's own. It
/// shares the model with what it tests, and neither points, nodes, tables nor sums.
@Suite struct FarBandTests {
  private static let study = """
    schema: nutune.study/1
    name: bands
    experiment: dune
    channels: [numu]
    truth: {model: toy-sf}
    models:
      gp: {model: gaussian-process-sf, kernel: {length_w2: 2, length_q2: 3}}
    near: {events: 300000}
    far: {events: 6200, sample: asimov}
    oscillation: {model: no-oscillation}
    slices: {energies: []}
    fold: {energy_minimum: 0.5, energy_maximum: 4, nodes_w2: 200, nodes_q2: 120}
    """
  private static let energies = [0.5, 1, 1.6, 2.4]
  private static let cosines = [0.7, 0.85, 0.95, 1]

  private struct Card: Decodable { var state: [String: ParameterValue] }

  /// A point of the lattice: kinematics, bin and weight with the flux.
  private struct Lattice {
    var points = KinematicPoints()
    var bins: [Int] = []
    var weights: [Double] = []

    /// - Parameters:
    ///   - leptons: Gaussian points of a bin along the energy and along the cosine of the lepton.
    ///   - neutrinos: Gaussian points of a part of the flux, 25 MeV.
    init(flux: [[Double]], leptons: Int, neutrinos: Int) throws {
      let leptons = try GaussLegendre(points: leptons)
      let neutrinos = try GaussLegendre(points: neutrinos)
      let columns = cosines.count - 1
      for (i, first) in zip(energies, energies.dropFirst()).enumerated() {
        for (j, second) in zip(cosines, cosines.dropFirst()).enumerated() {
          let (energy, cosine) = (leptons.rule(on: first.0...first.1), leptons.rule(on: second.0...second.1))
          for (e, eWeight) in zip(energy.nodes, energy.weights) {
            // The flux is a histogram: no part crosses one of its edges.
            for part in 20..<160 where 0.025 * Double(part + 1) > e {
              let range = neutrinos.rule(on: max(e, 0.025 * Double(part))...0.025 * Double(part + 1))
              let middle = 0.025 * (Double(part) + 0.5)
              let density = flux.first { $0[0] <= middle && middle < $0[1] }?[2] ?? 0
              for (nu, nuWeight) in zip(range.nodes, range.weights) {
                for (c, cWeight) in zip(cosine.nodes, cosine.weights) {
                  points.append(neutrinoEnergy: nu, leptonEnergy: e, cosTheta: c)
                  bins.append(i * columns + j)
                  weights.append(density * nuWeight * eWeight * cWeight)
                }
              }
            }
          }
        }
      }
    }

    func probabilities(_ model: any CrossSectionModel, _ reaction: Reaction) throws -> [Double] {
      var rates = [Double](repeating: 0, count: (energies.count - 1) * (cosines.count - 1))
      for (i, value) in try model.crossSection(of: reaction, at: points).enumerated() {
        rates[bins[i]] += weights[i] * value
      }
      let total = rates.reduce(0, +)
      return rates.map { $0 / total }
    }
  }

  @Test func bandsAreThoseOfAllWeights() throws {
    let folder = NSTemporaryDirectory() + "nutune-bands-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let binning = "{lepton_energy: \(Self.energies), cos_theta: \(Self.cosines)}"
    let far = "\(CommandLineRun.root)/catalogs/fluxes/dune-fd-fhc.csv"
    let changes = [
      "experiment.near.binning=\(binning)", "experiment.far.binning=\(binning)",
      "experiment.far.fluxes.fhc={model: tabulated-flux, file: \(far), interpolation: histogram}", "far.flux=own",
    ]
    let run = try CommandLineRun(
      shell: "cd '\(CommandLineRun.root)' && \"$nutune\" run '\(folder)/study.yaml' --out '\(folder)/run' --no-report"
        + changes.map { " --set '\($0)'" }.joined())
    try #require(run.exitCode == 0, "\(run.errors)")
    func read<Value: Decodable>(_ name: String) throws -> Value {
      try JSONDecoder().decode(Value.self, from: Data(contentsOf: URL(filePath: "\(folder)/run/\(name)")))
    }
    let predictions: Predictions = try read("predictions.json")
    let sample = try #require(predictions.samples.first { $0.name.hasPrefix("far") })
    let band = try #require(sample.uncertainties?["gp"])

    let card: Card = try read("models/gp.json")
    let weights = "\(folder)/run/models/gp.safetensors"
    let untuned = try GaussianProcessStructureFunctions(
      PluginConfiguration(parameters: GaussianProcessStructureFunctions.descriptor.parameters.defaults()))
    let model = try #require(
      try untuned.restored(
        from: ModelState(
          tensors: try SafeTensors.decode(try Data(contentsOf: URL(filePath: weights)), path: weights),
          card: card.state)) as? GaussianProcessStructureFunctions)

    let flux = try String(contentsOfFile: far, encoding: .utf8).split(separator: "\n").compactMap { line in
      let values = line.split(separator: ",").compactMap { Double($0) }
      return values.count > 3 ? values : nil
    }
    let reaction = Reaction(species: .numu, target: try Target(named: "Ar40"))
    let expected = try Lattice(flux: flux, leptons: 9, neutrinos: 2).probabilities(model, reaction)
    for (found, expected) in zip(try #require(sample.models["gp"]), expected) {
      #expect(abs(found / expected - 1) < 3e-3, "\(found), \(expected)")
    }
    // A point in every part of the flux is enough for bands, which are compared to 2 %.
    let lattice = try Lattice(flux: flux, leptons: 9, neutrinos: 1)
    let centre = try lattice.probabilities(model, reaction)
    let factor = model.weightGroups[0].factor
    let step = 1e-3
    let changesOfBins = try Parallel.map(factor.columns, threads: 2) { column in
      let moved = try model.displaced(by: [factor.column(column).map { step * $0 }])
      return zip(try lattice.probabilities(moved, reaction), centre).map { ($0 - $1) / step }
    }
    let columns = Self.cosines.count - 1
    for bin in centre.indices {
      let expected = changesOfBins.reduce(0) { $0 + $1[bin] * $1[bin] }.squareRoot()
      #expect(abs(band.bins[bin] / expected - 1) < 0.02, "bin \(bin): \(band.bins[bin]), \(expected)")
    }
    for row in band.marginals[0].indices {
      let expected = changesOfBins.reduce(0) {
        $0 + pow($1[row * columns..<(row + 1) * columns].reduce(0, +), 2)
      }.squareRoot()
      let found = band.marginals[0][row]
      #expect(abs(found / expected - 1) < 0.02, "row \(row): \(found), \(expected)")
    }
  }
}
