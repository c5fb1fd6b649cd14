import Foundation
import Testing

/// What the program says, word for word. After a change that is meant: `NUTUNE_UPDATE_GOLDEN=1 swift test … --filter Golden`
/// writes the files in `Tests/Golden` anew, and the difference is reviewed.
@Suite("golden files")
struct GoldenTests {
  private static let folder = CommandLineRun.root + "/Tests/Golden"

  private static func compare(_ text: String, with name: String) throws {
    let path = "\(folder)/\(name)"
    if ProcessInfo.processInfo.environment["NUTUNE_UPDATE_GOLDEN"] != nil {
      try FileManager.default.createDirectory(
        atPath: URL(filePath: path).deletingLastPathComponent().path, withIntermediateDirectories: true)
      try text.write(toFile: path, atomically: true, encoding: .utf8)
    }
    let expected = try String(contentsOfFile: path, encoding: .utf8)
    #expect(text == expected, "\(path) differs; NUTUNE_UPDATE_GOLDEN=1 writes it anew")
  }

  static let commands = [
    "", "run", "check", "list", "show", "models", "models list", "models show", "models add", "cross-section",
    "events", "measurement", "oscillate", "ensemble", "ensemble plan", "ensemble run", "ensemble status",
    "ensemble merge", "coverage", "sensitivity", "report", "compare", "scan", "board", "present", "import",
    "import events", "export", "cite", "schema", "plugin", "plugin new", "plugin check",
  ]

  @Test("help at 80 columns", arguments: commands)
  func help(command: String) throws {
    let run = try CommandLineRun(shell: "$nutune \(command) --help")
    #expect(run.exitCode == 0 && run.errors.isEmpty)
    let cores = "(default: \(ProcessInfo.processInfo.activeProcessorCount))"
    let text = run.output.replacing(cores, with: "(default: CORES)")
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    try Self.compare(text, with: "help/\(command.isEmpty ? "nutune" : command.replacing(" ", with: "-")).txt")
  }

  /// Commands that go wrong, run one after the other in a folder with these files.
  static let mistakes = [
    "nutune chekc study.yaml", "nutune show toy", "nutune run nosuch", "nutune check tab.csv",
    "nutune check study.yaml --set far.events=many", "nutune check study.yaml --set far.evnts=3",
    "nutune check study.yaml --set fit.feldman_cousins=21", "nutune check study.yaml --set near.events=3km",
    "nutune check study.yaml --set oscillation.delta_cp='-900 deg'",
    "nutune check study.yaml --set experiment.far.exposure.pot=1e22",
    "nutune check study.yaml --set $'title=a\\nnutune: error: forged\\x1b[2J\\u202e'",
    "nutune check study.yaml --set experiment=$(printf 'x%.0s' $(seq 100000))",
    "nutune check $'no\\nsuch\\x1b[31m.yaml'", "nutune schema --of planet", "nutune schema --of flux",
    "nutune report broken", "nutune cite broken", "nutune compare broken broken", "nutune ensemble status nowhere",
    "nutune oscillate --baseline 295", "nutune oscillate $'--x\\nnutune: error: forged'",
    "nutune coverage study.yaml --set far.events=1e11", "nutune report study.yaml",
  ]

  @Test("errors")
  func errors() throws {
    let place = NSTemporaryDirectory() + "nutune-golden-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: place) }
    try FileManager.default.createDirectory(atPath: "\(place)/broken", withIntermediateDirectories: true)
    let study = """
      schema: nutune.study/1
      name: golden
      experiment: dune
      channels: [numu]
      truth: {model: toy-sf}
      models: {theory: {model: toy-sf}}
      far: {events: 1000}
      oscillation: {model: three-flavor, fit: [sin2_theta23, dm2_32]}

      """
    let table = "E_low_GeV,E_high_GeV\n" + (0..<5000).map { "\($0),\($0 + 1)\n" }.joined()
    for (name, text) in [
      ("study.yaml", study), ("tab.csv", table), ("broken/results.json", "{\"schema\": 3}"),
      ("broken/study.json", "{\"name\": 1}"),
    ] { try text.write(toFile: "\(place)/\(name)", atomically: true, encoding: .utf8) }
    var text = ""
    for command in Self.mistakes {
      let run = try CommandLineRun(
        shell: "nutune() { NUTUNE_CATALOGS='\(CommandLineRun.root)/catalogs' \"$nutune\" \"$@\"; }; \(command)",
        in: place)
      #expect(!(run.errors + run.output).unicodeScalars.contains { $0 == "\u{1B}" || $0 == "\u{202E}" })
      #expect(run.errors.split(separator: "\n").allSatisfy { $0.count < 3000 }, "\(command)")
      text += "$ \(command)\n\(run.output)\(run.errors)exit \(run.exitCode)\n\n"
    }
    text = text.replacing(CommandLineRun.root, with: "ROOT").replacing(place, with: "PLACE")
    for word in ["DecodingError", "NSCocoa", "found found", "Swift."] { #expect(!text.contains(word)) }
    try Self.compare(text, with: "errors.txt")
  }

  @Test(
    "the committed reference pages are the generated ones",
    arguments: [
      "study", "experiment", "flux", "flux-covariance", "oscillation", "measurement",
    ])
  func reference(page: String) throws {
    let run = try CommandLineRun("schema", "--markdown", "--of", page)
    #expect(run.exitCode == 0)
    let committed = try String(contentsOfFile: "\(CommandLineRun.root)/docs/reference/\(page).md", encoding: .utf8)
    #expect(run.output == committed, "write it again: make docs")
  }
}
