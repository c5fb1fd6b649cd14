import Foundation
import Testing

@Suite("Every verb as a user calls it")
struct VerbTests {
  @Test(
    "help of every verb shows an example",
    arguments: [
      "run", "check", "list", "show", "cross-section", "oscillate", "report", "compare", "present", "import", "cite",
      "schema",
    ])
  func help(_ verb: String) throws {
    let run = try CommandLineRun(verb, "--help")
    #expect(run.exitCode == 0)
    #expect(run.errors == "")
    #expect(run.output.contains("Example:\n  nutune \(verb)"))
  }

  @Test("mistakes of usage are exit 64 with a suggestion")
  func usage() throws {
    let verb = try CommandLineRun("chek", "x.yaml")
    #expect(verb.exitCode == 64)
    #expect(verb.errors.hasPrefix("nutune: error: found the unknown command “chek”; expected one of "))
    #expect(verb.errors.hasSuffix("; did you mean “check”?\n"))
    #expect(verb.output == "")
    #expect(try CommandLineRun("check").exitCode == 64)
    #expect(try CommandLineRun("list", "--jason").exitCode == 64)
    #expect(try CommandLineRun("list", "flxes").errors.contains("did you mean “fluxes”?"))
    #expect(try CommandLineRun("show", "toy-fs").errors.contains("did you mean “toy-sf”?"))
  }

  @Test("comparing and presenting what is not there")
  func nothingToCompare() throws {
    #expect(try CommandLineRun("compare", "nowhere").exitCode == 64)
    let missing = try CommandLineRun("compare", "nowhere", "elsewhere")
    #expect(missing.exitCode == 66)
    #expect(
      missing.errors.split(separator: "\n").count == 2 && missing.errors.contains("nowhere/results.json: found no"))
    let story = try CommandLineRun("present", "tlk", "--runs", "nowhere", "--out", "/tmp/never-written.html")
    #expect(story.exitCode == 66)
    #expect(story.errors.contains("did you mean “talk”?"))
    #expect(!FileManager.default.fileExists(atPath: "/tmp/never-written.html"))
    // Slides whose run is missing say how it is made.
    let page = NSTemporaryDirectory() + "nutune-talk-\(UUID().uuidString).html"
    defer { try? FileManager.default.removeItem(atPath: page) }
    let runs = try CommandLineRun("present", "talk", "--runs", "nowhere", "--out", page)
    #expect(runs.exitCode == 0, "\(runs.errors)")
    #expect(try String(contentsOfFile: page, encoding: .utf8).contains("<code>make talk</code> makes it"))
  }

  @Test("list and show, also as JSON")
  func inventory() throws {
    let list = try CommandLineRun("list", "cross-sections")
    #expect(list.exitCode == 0)
    #expect(list.output.hasPrefix("cross-sections\n"))
    #expect(list.output.contains("toy-sf"))
    let all = try JSONSerialization.jsonObject(with: Data(try CommandLineRun("list", "--json").output.utf8))
    let names = try #require(all as? [[String: Any]]).compactMap { $0["name"] as? String }
    #expect(names.contains("dune") && names.contains("three-flavor") && names.contains("dune-closure"))
    let shown = try JSONSerialization.jsonObject(with: Data(try CommandLineRun("show", "toy-sf", "--json").output.utf8))
    let parameters = try #require((shown as? [String: Any])?["parameters"] as? [[String: Any]])
    let mass = try #require(parameters.first { $0["name"] as? String == "quasi_elastic.axial_mass" })
    #expect(mass["unit"] as? String == "GeV")
    #expect(mass["default"] as? Double == 1.03)
    let positivity = try #require((shown as? [String: Any])?["positivity"] as? [String: Any])
    #expect(positivity["share_w3_at_bound"] as? Double == 0 && positivity["share_not_positive"] as? Double == 0)
    // Pion poles off shell, close to the muon's threshold.
    let held = try #require(positivity["share_held_at_zero"] as? Double)
    #expect(held < 1e-8)
    #expect(try CommandLineRun("show", "toy-sf").output.contains("W_T, W_L or |W₃| beyond its bound       0 %\n"))
    #expect(try CommandLineRun("show", "dune").output.contains("baseline.length: 1284.9 km"))
  }

  @Test("flux covariances are listed and shown, without their data too")
  func fluxCovariances() throws {
    let list = try CommandLineRun("list", "flux-covariance")
    #expect(list.exitCode == 0)
    for name in ["dune-like", "dune-tdr", "t2k-2020"] { #expect(list.output.contains(name)) }
    #expect(try CommandLineRun("show", "dune-like").output.contains("208 bins, rank 208, fractional errors from 0.0"))
    let absent = try CommandLineRun(shell: "NUTUNE_DATA=/nowhere $nutune show dune-tdr")
    #expect(absent.exitCode == 0)
    #expect(absent.output.contains("Its data are not here: "))
    #expect(absent.output.contains("DUNE:2020jqi"))
    let json = try CommandLineRun(shell: "NUTUNE_DATA=/nowhere $nutune show dune-tdr --json")
    let shown = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect((shown?["covariance"] as? [String: Any])?["missing"] is String)
  }

  @Test("the total cross section of toy-sf on argon (design values of σ/E)")
  func crossSection() throws {
    let run = try CommandLineRun(
      "cross-section", "toy-sf", "--channel", "numu", "--target", "Ar40", "--energy", "0.5", "1", "2", "3", "5", "10")
    #expect(run.exitCode == 0)
    #expect(run.rows.first == ["energy", "sigma"])
    let expected = [0.814, 0.616, 0.500, 0.494, 0.513, 0.552]
    for (row, value) in zip(run.rows.dropFirst(), expected) {
      let (energy, sigma) = (try #require(Double(row[0])), try #require(Double(row[1])))
      #expect(abs(sigma / energy - value) <= 0.01 * value)
    }
    #expect(run.rows.count == 7)
  }

  @Test("the grid sums up to the total")
  func grid() throws {
    let arguments = ["cross-section", "toy-sf", "--channel", "numu", "--target", "Ar40", "--energies", "1:1:1"]
    let grid = try CommandLineRun(
      arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6], arguments[7],
      "--grid", "280x280")
    #expect(
      grid.rows.prefix(5) == [
        ["# channel: numu"], ["# model: toy-sf"], ["# target: Ar40"], ["# unit: 1e-38 cm2/GeV/nucleon"],
        ["energy", "lepton_energy", "cos_theta", "d2sigma"],
      ])
    let points = grid.rows.dropFirst(5).map { $0.map { Double($0) ?? .nan } }
    #expect(points.count == 280 * 280)
    // Trapezoids in cosθ, then in E_l.
    var rows: [(leptonEnergy: Double, integral: Double)] = []
    for start in stride(from: 0, to: points.count, by: 280) {
      let row = points[start..<start + 280]
      let integral = zip(row, row.dropFirst()).reduce(0) { $0 + ($1.0[3] + $1.1[3]) / 2 * ($1.1[2] - $1.0[2]) }
      rows.append((points[start][1], integral))
    }
    let sum = zip(rows, rows.dropFirst()).reduce(0) {
      $0 + ($1.0.integral + $1.1.integral) / 2 * ($1.1.leptonEnergy - $1.0.leptonEnergy)
    }
    let total = try CommandLineRun(
      arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arguments[5], arguments[6], arguments[7])
    let sigma = try total.number(1, 1)
    #expect(abs(sum - sigma) < 1e-3 * sigma)
  }

  @Test("parameters change the cross section, mistakes are exit 64")
  func crossSectionParameters() throws {
    let none = try CommandLineRun(
      "cross-section", "toy-sf", "--channel", "nue", "--target", "C12", "--energy", "1", "--set",
      "quasi_elastic.scale=0", "--set", "dis.scale=0")
    #expect(none.rows == [["energy", "sigma"], ["1.0", "0.0"]])
    let bad = try CommandLineRun(
      "cross-section", "toy-sf", "--channel", "numu", "--target", "Ar40", "--energy", "1", "--set", "axial_mass=1")
    #expect(bad.exitCode == 64)
    #expect(bad.errors.hasPrefix("nutune: error: --set: axial_mass: found an unknown key"))
    for energies in ["1:0.5:0.1", "0:1:0.1", "1:2:0", "1:2", "1:nan:1", "one:2:1"] {
      let run = try CommandLineRun(
        "cross-section", "toy-sf", "--channel", "numu", "--target", "Ar40", "--energies", energies)
      #expect(run.exitCode == 64)
      #expect(run.errors.contains("--energies: found “\(energies)”"))
    }
  }

  @Test("oscillation probabilities: vacuum in closed form, rows that sum to one, presets, antineutrinos")
  func oscillate() throws {
    let run = try CommandLineRun(
      "oscillate", "--baseline", "1284.9", "--density", "0", "--energies", "0.5:5:0.5", "--set", "sin2_theta13=0",
      "--set", "sin2_theta12=0", "--set", "sin2_theta23=0.4", "--set", "dm2_32=2.5e-3")
    #expect(run.exitCode == 0, "\(run.errors)")
    #expect(run.output.hasPrefix("energy,Pee,Pem,Pet,Pme,Pmm,Pmt,Pte,Ptm,Ptt\n"))
    #expect(run.rows.count == 11)
    for row in run.rows.dropFirst() {
      let values = row.compactMap(Double.init)
      #expect(values.count == 10)
      // With θ₁₂ = θ₁₃ = 0: P_μμ = 1 − 4·0.4·0.6 sin²(1.26693… Δm²₃₂ L/E).
      let phase = sin(1.266932679815 * 2.5e-3 * 1284.9 / values[0])
      #expect(abs(values[5] - (1 - 0.96 * phase * phase)) < 1e-8)
      #expect(abs(values[4] + values[5] + values[6] - 1) < 1e-12)
    }
    let matter = try CommandLineRun(
      "oscillate", "--baseline", "1284.9", "--density", "2.848", "--energy", "2.5", "--preset", "nufit-6.0-no")
    let anti = try CommandLineRun(
      "oscillate", "--baseline", "1284.9", "--density", "2.848", "--energy", "2.5", "--preset", "nufit-6.0-no",
      "--antineutrino")
    let nufast = try CommandLineRun(
      "oscillate", "--baseline", "1284.9", "--density", "2.848", "--energy", "2.5", "--preset", "nufit-6.0-no",
      "--constants", "nufast")
    for run in [matter, anti, nufast] { #expect(run.exitCode == 0, "\(run.errors)") }
    // Normal ordering: matter enhances ν_e appearance and suppresses ν̄_e.
    let appearance = try matter.number(1, 4)
    #expect(appearance > 1.5 * (try anti.number(1, 4)))
    let change = abs(appearance - (try nufast.number(1, 4)))
    #expect(change > 0 && change < 3e-5)
    let bad = try CommandLineRun(
      "oscillate", "--baseline", "1284.9", "--density", "2.848", "--energy", "2.5", "--constants", "nufats")
    #expect(bad.exitCode == 64)
    #expect(bad.errors.contains("did you mean “nufast”?"))
  }

  @Test("output that cannot be written is exit 73")
  func fullDisk() throws {
    guard FileManager.default.fileExists(atPath: "/dev/full") else { return }
    let run = try CommandLineRun("list", outputTo: "/dev/full")
    #expect(run.exitCode == 73)
    #expect(run.errors.hasPrefix("nutune: error: standard output: found a write that failed"))
  }

  @Test("messages that cannot be written change no exit code", arguments: ["2>/dev/full", "2>&-", "2>&1 | true"])
  func deafStandardError(_ redirection: String) throws {
    #expect(try CommandLineRun(shell: "$nutune check nope.yaml \(redirection)").exitCode == 66)
    #expect(try CommandLineRun(shell: "$nutune list --jason \(redirection)").exitCode == 64)
  }

  @Test("a closed standard output is exit 73, not a file that gets the results")
  func closedOutput() throws {
    #expect(try CommandLineRun(shell: "$nutune list >&-").exitCode == 73)
  }

  @Test("energies without end are refused, not computed")
  func hugeEnergies() throws {
    for energy in ["1e300", "inf", "-1", "0", "1e7"] {
      let run = try CommandLineRun(
        "cross-section", "toy-sf", "--channel", "numu", "--target", "Ar40", "--energy", energy)
      #expect(run.exitCode == 64)
    }
  }

  @Test("the reference names every key with unit and default")
  func reference() throws {
    let run = try CommandLineRun("schema", "--markdown")
    #expect(run.exitCode == 0)
    #expect(run.output.contains("| `energy_minimum` | GeV | unset | a number > 0 | lowest neutrino energy"))
    #expect(run.output.contains("| `quasi_elastic.axial_mass` | GeV | `1.03` |"))
  }

  @Test("the committed JSON Schema is the generated one")
  func schema() throws {
    let run = try CommandLineRun("schema")
    #expect(run.exitCode == 0)
    let path = CommandLineRun.root + "/catalogs/schema/study.schema.json"
    let committed = try String(contentsOfFile: path, encoding: .utf8)
    #expect(run.output == committed, "write it again: nutune schema > catalogs/schema/study.schema.json")
  }
}
