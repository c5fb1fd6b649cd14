import Foundation
import Testing

/// Studies that compare numbers of far events.
@Suite struct NumberStudyTests {
  private static let study = """
    schema: nutune.study/1
    name: numbers
    experiment: \(CoarseBins.dune)
    channels: [numu, nue]
    truth: {model: toy-sf}
    models: {theory: {model: toy-sf, dis: {scale: 0.9}}}
    near: {events: 1.0e5}
    far: {events: 8000}
    likelihood: {statistic: poisson, norm.electron: 0.02}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: [sin2_theta23, dm2_32]}
    fit: {scan_points: 11}
    slices: {energies: []}
    fold: {cell_scale: 6, nodes_w2: 50, nodes_q2: 30, accuracy: 1.0e-2}
    """

  private func folder() throws -> String {
    let folder = NSTemporaryDirectory() + "nutune-numbers-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    return folder
  }

  private func fit(_ path: String, of label: String) throws -> [String: Double] {
    let data = try Data(contentsOf: URL(filePath: path))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let model = label == "truth" ? results["truth"] : (results["models"] as? [String: Any])?[label]
    let fit = try #require((model as? [String: Any])?["oscillation"] as? [String: Any])
    return try #require(fit["best_fit"] as? [String: Double])
  }

  /// Near data fix the scale of a model that does not learn, so a fit with other near data is another one.
  @Test func otherNearDataAreAnotherFit() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ out: String, _ events: String, _ more: String = "--set") throws {
      let run =
        more == "--resume"
        ? try CommandLineRun(
          "run", "\(folder)/study.yaml", "--out", "\(folder)/\(out)", "--set", "near.events=\(events)", "--resume",
          "--no-report")
        : try CommandLineRun(
          "run", "\(folder)/study.yaml", "--out", "\(folder)/\(out)", "--set", "near.events=\(events)",
          "--no-report")
      #expect(run.exitCode == 0, "\(run.errors)")
    }
    try run("a", "300")
    try run("b", "100000")
    let before = try fit("\(folder)/b/results.json", of: "theory")
    try run("b", "300", "--resume")
    let (fresh, resumed) = (
      try fit("\(folder)/a/results.json", of: "theory"), try fit("\(folder)/b/results.json", of: "theory")
    )
    #expect(fresh == resumed && before != resumed)
  }

  /// A background is a part of the fit and stands in the results, its norm among the pulls, a free norm among the
  /// scales.
  @Test func aBackgroundIsInTheResults() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let samples =
      "{muons: {mode: fhc, components: {numu: rate}}, electrons: {mode: fhc, components: {nue: rate}, "
      + "backgrounds: {neutral-current: {events: 91, shape: flat, norm: 0.1}}}}"
    let run = try CommandLineRun(
      "run", "\(folder)/study.yaml", "--out", "\(folder)/out", "--no-report", "--set", "far.samples=\(samples)",
      "--set", "likelihood.norm.neutrino=free", "--set", "models={theory: {model: toy-sf}}")
    #expect(run.exitCode == 0, "\(run.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/out/results.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let model = try #require((results["models"] as? [String: Any])?["theory"] as? [String: Any])
    let far = try #require((model["far"] as? [String: Any])?["samples"] as? [[String: Any]])
    let sum = try #require(far.first { $0["name"] as? String == "far-electrons" })
    let backgrounds = try #require(sum["backgrounds"] as? [String: Double])
    #expect(abs((backgrounds["neutral-current"] ?? 0) - 91) < 1e-9 && backgrounds.count == 1)
    let fit = try #require(model["oscillation"] as? [String: Any])
    let pulls = try #require(fit["pulls"] as? [String: Double])
    #expect(pulls.keys.sorted() == ["norm_electron", "norm_neutral-current"])
    // The model is the truth.
    let scale = try #require((fit["scales"] as? [String: Double])?["norm_neutrino"])
    #expect(abs(scale - 1) < 0.02 && abs(pulls["norm_neutral-current"] ?? 1) < 0.1)
  }

  @Test func aSensitivity() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try CommandLineRun(
      "sensitivity", "\(folder)/study.yaml", "--of", "octant", "--values", "0.44:0.5:0.03", "--out", "\(folder)/out")
    #expect(run.exitCode == 0, "\(run.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/out/sensitivity/octant.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let truth = try #require((results["models"] as? [String: [[String: Any]]])?["truth"])
    // 0.5 has no wrong octant.
    #expect(truth.compactMap { $0["value"] as? Double } == [0.44, 0.47])
    let deltas = truth.compactMap { ($0["results"] as? [String: Double])?["delta"] }
    #expect(deltas[0] > deltas[1] && deltas[1] > 0.5)
    for name in ["sensitivity-octant.pdf", "sensitivity-octant.csv"] {
      #expect(FileManager.default.fileExists(atPath: "\(folder)/out/sensitivity/octant/figures/\(name)"))
    }
    #expect(run.output.contains("truth Δ(−2lnL)") && run.output.contains("0.44"))
  }

  /// Twice the exposure answers better, though not twice as well, because a norm stays.
  @Test func severalExposures() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try CommandLineRun(
      "sensitivity", "\(folder)/study.yaml", "--of", "octant", "--values", "0.44", "--exposures", "2,1", "--out",
      "\(folder)/out", "--no-report")
    #expect(run.exitCode == 0, "\(run.errors)")
    let data = try Data(contentsOf: URL(filePath: "\(folder)/out/sensitivity/octant.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let truth = try #require((results["models"] as? [String: [[String: Any]]])?["truth"])
    #expect(truth.compactMap { $0["exposure"] as? Double } == [1, 2])
    let deltas = truth.compactMap { ($0["results"] as? [String: Double])?["delta"] }
    #expect(deltas[1] > 1.2 * deltas[0] && deltas[1] < 1.99 * deltas[0])
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/out/sensitivity/octant"))
  }

  /// Experiments that are stored are taken over, whatever became of one of their files and for any number of threads.
  @Test func experimentsAreKept() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ experiments: Int, jobs: Int) throws -> Data {
      let run = try CommandLineRun(
        "sensitivity", "\(folder)/study.yaml", "--of", "octant", "--values", "0.44", "--out", "\(folder)/out",
        "--no-report",
        "--experiments", "\(experiments)", "--jobs", "\(jobs)")
      #expect(run.exitCode == 0 && run.output.contains("wrong"), "\(run.errors)")
      return try Data(contentsOf: URL(filePath: "\(folder)/out/sensitivity/octant.json"))
    }
    let stored = "\(folder)/out/sensitivity/experiments"
    _ = try run(10, jobs: 1)
    let kept = try FileManager.default.contentsOfDirectory(atPath: stored)
    let more = try run(12, jobs: 2)
    #expect(try Set(FileManager.default.contentsOfDirectory(atPath: stored)).isSuperset(of: kept))
    try Data("{".utf8).write(to: URL(filePath: "\(stored)/\(kept[0])"))
    #expect(try run(12, jobs: 1) == more)
    try FileManager.default.removeItem(atPath: stored)
    #expect(try run(12, jobs: 2) == more)
  }

  @Test func milestones() throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try CommandLineRun(
      "sensitivity", "\(folder)/study.yaml", "--of", "milestones", "--values", "0,2", "--exposures", "0.25,8", "--out",
      "\(folder)/out", "--no-report", "--set", "oscillation.fit=[delta_cp, dm2_32]", "--set", "far.exposure=100")
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")
    #expect(run.output.contains("exposure in kt MW yr"))
    let data = try Data(contentsOf: URL(filePath: "\(folder)/out/sensitivity/milestones.json"))
    let results = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let milestones = try #require(results["milestones"] as? [[String: Any]])
    func quantities(_ name: String) throws -> [Double] {
      let milestone = try #require(milestones.first { $0["name"] as? String == name })
      let truth = try #require((milestone["models"] as? [String: [String: Any]])?["truth"])
      return try #require(truth["quantities"] as? [Double])
    }
    // sin²θ₂₃ is not fitted, so its error is no milestone.
    #expect(!milestones.contains { $0["name"] as? String == "sin2-theta23" })
    for (name, grows) in [("ordering-5sigma-all", true), ("cp-3sigma-maximal", true), ("dm2-32", false)] {
      let found = try quantities(name)
      #expect((found[1] > found[0]) == grows, "\(name): \(found)")
    }
    #expect(try quantities("ordering-5sigma-best")[0] >= quantities("ordering-5sigma-all")[0])
  }

  @Test(arguments: ["dune-octant", "dune-cp"]) func variantsOfFourChannelsAreStudies(name: String) throws {
    let run = try CommandLineRun("check", name)
    #expect(run.exitCode == 0, "\(run.errors)")
  }

  @Test(arguments: [
    (["--of", "octants"], 64, "did you mean “octant”?"), (["--of", "cp"], 65, "without delta_cp"),
    (["--of", "octant", "--values", "1:0:1"], 64, "lo:hi:step"),
    (["--of", "resolution", "--values", "0:1:0.5"], 64, "factors above zero"),
    (["--of", "octant", "--exposures", "0,1"], 64, "--exposures: found an exposure of 0.0"),
    (["--of", "octant", "--exposures", "a"], 64, "--exposures: found “a”"),
    (["--of", "milestones", "--exposures", "1"], 64, "at least two"),
    (["--of", "resolution", "--values", "1", "--exposures", "1,2"], 64, "one of both"),
    (["--of", "milestones"], 65, "without delta_cp"),
  ])
  func mistakesAreNamed(words: [String], code: Int32, sentence: String) throws {
    let folder = try folder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let line = words.map { "'\($0)'" }.joined(separator: " ")
    let run = try CommandLineRun(shell: "\"$nutune\" sensitivity \(folder)/study.yaml \(line) --out \(folder)/out")
    #expect(run.exitCode == code && run.errors.contains(sentence), "\(run.errors)")
  }
}
