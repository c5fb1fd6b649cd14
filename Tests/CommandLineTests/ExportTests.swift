import Foundation
import Testing

/// `nutune export` on a run with a net that was tuned for a moment: what leaves is what the run folder holds.
@Suite(.serialized) struct ExportTests {
  private static let study = """
    schema: nutune.study/1
    name: export
    experiment: \(CoarseBins.dune)
    channels: [numu]
    truth: {model: toy-sf}
    models:
      neural: {model: neural-sf, network: {hidden: [8]}, training: {steps: 150}}
      theory: {model: toy-sf, dis: {scale: 0.9}}
    near: {events: infinite}
    far: {events: 1000}
    oscillation: {model: three-flavor, preset: nufit-6.0-no, fit: []}
    slices: {energies: [2]}
    fold: {cell_scale: 8, nodes_w2: 40, nodes_q2: 24, accuracy: 1.0e-2}
    """

  @Test("models and distributions of a run leave, and mistakes are answered in a sentence")
  func exports() throws {
    let folder = NSTemporaryDirectory() + "nutune-export-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try Self.study.write(toFile: "\(folder)/study.yaml", atomically: true, encoding: .utf8)
    let run = try CommandLineRun("run", "study.yaml", "--out", "run", "--no-report", in: folder)
    #expect(run.exitCode == 0 || run.exitCode == 2, "\(run.errors)")

    let weights = try CommandLineRun("export", "run#neural", "--format", "safetensors", "--out", "w", in: folder)
    #expect(weights.exitCode == 0, "\(weights.errors)")
    for (copy, original) in [
      ("w/neural.safetensors", "run/models/neural.safetensors"), ("w/neural.json", "run/models/neural.json"),
    ] {
      #expect(FileManager.default.contentsEqual(atPath: "\(folder)/\(copy)", andPath: "\(folder)/\(original)"))
    }

    // The learned table, and that of the truth: the net has the scale of the near rate, so they are of one size.
    let grid = ["--energies", "1:3:0.5", "--grid", "20x15"]
    var sums: [String: Double] = [:]
    for label in ["neural", "truth"] {
      let table = try CommandLineRun(
        shell: "$nutune export run#\(label) --format csv --out t-\(label) \(grid.joined(separator: " "))", in: folder)
      #expect(table.exitCode == 0, "\(table.errors)")
      let text = try String(contentsOfFile: "\(folder)/t-\(label)/\(label)-numu-sigma.csv", encoding: .utf8)
      #expect(text.contains(label == "truth" ? "# scale: absolute" : "# scale: that of the true near-detector rate"))
      let rows = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
      sums[label] = rows.compactMap { Double($0.split(separator: ",")[1]) }.reduce(0, +)
      #expect(rows.count == 5)
    }
    let ratio = try #require(sums["neural"]) / (try #require(sums["truth"]))
    #expect((0.3...3).contains(ratio), "\(ratio)")
    let back = try CommandLineRun(
      "cross-section", "tabulated", "--channel", "numu", "--target", "Ar40", "--energy", "2", "--set",
      "file=t-neural/neural-numu-d2sigma.csv", in: folder)
    #expect(back.exitCode == 0, "\(back.errors)")

    let histograms = try CommandLineRun("export", "run", "--format", "uhi", "--out", "h", in: folder)
    #expect(histograms.exitCode == 0 && histograms.output.contains("h/far-numu-fhc.json"), "\(histograms.errors)")

    for (arguments, code, words) in [
      ("run#nueral --format hdf5 --out x", 65, "found no model “nueral”; expected one of neural, theory, truth"),
      ("run#nueral --format hdf5 --out x", 65, "did you mean “neural”?"),
      ("run --format hdf --out x", 64, "did you mean “hdf5”?"),
      ("rnu --format hdf5 --out x", 66, "rnu: found no such folder; expected the folder of a run; did you mean “run”?"),
      ("run --format csv --out x --grid 2x2", 64, "--grid: found “2x2”"),
      ("run#theory --format safetensors --out x", 66, "a model that was not tuned has none"),
    ] {
      let wrong = try CommandLineRun(
        shell: "$nutune export '\(arguments.replacing(" --format", with: "' --format"))", in: folder)
      #expect(wrong.exitCode == code, "\(arguments): \(wrong.errors)")
      #expect(wrong.errors.contains(words), "\(wrong.errors)")
    }
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/x"))
  }
}
