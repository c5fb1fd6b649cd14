import Foundation
import NuTuneCore
import Testing

/// One mistake in a study or its catalog and what the user is told.
struct Story: Sendable, CustomTestStringConvertible {
  var file = "study.yaml"
  let old: String
  let new: String
  var category = NuTuneError.Category.badData
  /// `file:line:column: key`.
  let place: String
  let found: String
  let expected: String
  var suggestion: String?
  var testDescription: String { new }
}

@Suite("Mistakes in a study are named with place, key, found and expected")
struct StudyMistakeTests {
  static let stories = [
    Story(
      old: "near: {events", new: "naer: {events", place: "study.yaml:11:1: naer", found: "an unknown key",
      expected: "one of schema, name", suggestion: "near"),
    Story(
      old: "near: {events", new: "near: {evnts", place: "study.yaml:11:8: near.evnts", found: "an unknown key",
      expected: "one of events, sample", suggestion: "events"),
    Story(
      old: "height: 0.5", new: "hieght: 0.5", place: "study.yaml:7:24: models.first.hieght", found: "an unknown key",
      expected: "height", suggestion: "height"),
    Story(
      old: "hidden: [8, 8]", new: "hiden: [8, 8]", place: "study.yaml:10:15: models.second.network.hiden",
      found: "an unknown key", expected: "network.hidden", suggestion: "network.hidden"),
    Story(
      old: "far: {events: 100", new: "far: {events: many", place: "study.yaml:12:15: far.events", found: "“many”",
      expected: "a number from 1 to 1e+16"),
    Story(
      old: "far: {events: 100", new: "far: {events: \"100\"", place: "study.yaml:12:15: far.events",
      found: "text “100”", expected: "a number from 1 to 1e+16"),
    Story(
      old: "far: {events: 100", new: "far: {events: -100", place: "study.yaml:12:15: far.events", found: "“-100”",
      expected: "a number from 1 to 1e+16"),
    Story(
      old: "near: {events: infinite", new: "near: {events: -3", place: "study.yaml:11:16: near.events", found: "“-3”",
      expected: "a number from 1 to 1e+16 or “infinite”"),
    Story(
      old: "near: {events: infinite", new: "near: {events: infinit", place: "study.yaml:11:16: near.events",
      found: "“infinit”", expected: "“infinite”", suggestion: "infinite"),
    Story(
      old: "near: {events: infinite", new: "near: {events: infinite, sample: poisson",
      place: "study.yaml:11:34: near.sample", found: "infinitely many", expected: "asimov"),
    Story(
      old: "height: 0.5", new: "height: 0.5 km", place: "study.yaml:7:32: models.first.height", found: "“0.5 km”",
      expected: "in GeV"),
    Story(
      old: "height: 0.5", new: "height: [1, 2]", place: "study.yaml:7:32: models.first.height",
      found: "a list of 2 elements", expected: "a number ≥ 0 in GeV"),
    Story(
      old: "truth: {model: flat}", new: "truth: {model: flta}", place: "study.yaml:5:16: truth.model",
      found: "the unknown cross-section “flta”", expected: "one of flat, neutrino-only", suggestion: "flat"),
    Story(
      old: "truth: {model: flat}", new: "truth: flat", place: "study.yaml:5:8: truth", found: "“flat”",
      expected: "a mapping"),
    Story(
      old: "truth: {model: flat}", new: "truth: {height: 1}", place: "study.yaml:5:8: truth.model", found: "nothing",
      expected: "one of flat, neutrino-only"),
    Story(
      old: "experiment: small", new: "experiment: smal", place: "study.yaml:3:13: experiment",
      found: "the unknown experiment “smal”", expected: "one of small", suggestion: "small"),
    Story(
      old: "preset: usual", new: "preset: usuel", place: "study.yaml:15:11: oscillation.preset",
      found: "the unknown oscillation “usuel”", expected: "one of usual", suggestion: "usual"),
    Story(
      old: "fit: [sin2_theta23, dm2_32]", new: "fit: [sin2_theta23, dm2_23]", place: "study.yaml:16:8: oscillation.fit",
      found: "the unknown parameter “dm2_23”", expected: "one of sin2_theta23, dm2_32", suggestion: "dm2_32"),
    Story(
      old: "fit: [sin2_theta23, dm2_32]", new: "fit: [dm2_32, dm2_32]", place: "study.yaml:16:8: oscillation.fit",
      found: "“dm2_32” twice", expected: "once"),
    Story(
      old: "preset: usual", new: "dm2_21: 1, dm2_31: 2.5e-3, dm2_32: 2.4e-3",
      place: "study.yaml:15:20: YAML", found: "mapping values are not allowed", expected: "YAML"),
    Story(
      old: "channels: [numu]", new: "channels: [nmuu]", place: "study.yaml:4:12: channels", found: "the channel “nmuu”",
      expected: "one of numu, numubar, nue, nuebar", suggestion: "numu"),
    Story(
      old: "channels: [numu]", new: "channels: [numubar]",
      place: "catalogs/fluxes/beam.yaml:4:8: experiment.near.fluxes.fhc",
      found: "no numubar in the flux", expected: "it has numu, nue"),
    Story(
      old: "channels: [numu]", new: "channels: [numu]\nmodes: [rhc]", place: "study.yaml:5:9: modes", found: "“rhc”",
      expected: "one of fhc", suggestion: "fhc"),
    Story(
      old: "name: example", new: "name: ../example", place: "study.yaml:2:7: name", found: "the name “../example”",
      expected: "file name"),
    Story(
      old: "schema: nutune.study/1", new: "schema: nutune.study/9", place: "study.yaml:1:9: schema",
      found: "“nutune.study/9”", expected: "“nutune.study/1”"),
    Story(
      file: "catalogs/fluxes/beam.yaml", old: "file: beam.csv", new: "file: bean.csv", category: .missingInput,
      place: "catalogs/fluxes/beam.yaml:5:7: experiment.near.fluxes.fhc.file", found: "no file",
      expected: "a flux table"),
    Story(
      file: "catalogs/fluxes/beam.yaml", old: "name: beam", new: "name: bean",
      place: "catalogs/fluxes/beam.yaml:2:7: name", found: "“bean”", expected: "“beam”, the name of the file"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "[-1, 0, {", new: "[-1, 0, -0.5, {",
      place: "catalogs/experiments/small.yaml:11:24: experiment.near.binning.cos_theta",
      found: "edge 3 (-0.5) not above edge 2 (0.0)", expected: "strictly increasing bin edges"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "from: 0.5, to: 1, bins", new: "from: -0.5, to: 1, bins",
      place: "catalogs/experiments/small.yaml:11:16: experiment.near.binning.cos_theta", found: "not above edge 2",
      expected: "strictly increasing bin edges"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "from: 0.2, to: 1", new: "from: 1, to: 0.2",
      place: "catalogs/experiments/small.yaml:10:20: experiment.near.binning.lepton_energy",
      found: "a segment from 1.0 to 0.2", expected: "strictly increasing bin edges"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "to: 1, bins: 2", new: "to: 2, bins: 2",
      place: "catalogs/experiments/small.yaml:11:16: experiment.near.binning.cos_theta",
      found: "edges from -1.0 to 2.0",
      expected: "edges from -1.0 to 1.0"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "cos_theta: [-1", new: "lepton_momentum: [1, 2] # [",
      place: "catalogs/experiments/small.yaml:10:5: experiment.near.binning",
      found: "the pair (lepton_energy, lepton_momentum)", expected: "cos_theta or theta"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "cos_theta: [", new: "cos_teta: [",
      place: "catalogs/experiments/small.yaml:11:5: experiment.near.binning.cos_teta", found: "an unknown key",
      expected: "cos_theta", suggestion: "cos_theta"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "bins: 2}", new: "bins: 99999}, 1.0",
      place: "catalogs/experiments/small.yaml:11:57: experiment.near.binning.cos_theta", found: "not above edge 100002",
      expected: "strictly increasing bin edges"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "bins: 4}\n    cos_theta: [-1, 0, {from: 0.5, to: 1, bins: 2}]",
      new: "bins: 2000}\n    cos_theta: {from: -1, to: 1, bins: 1000}",
      place: "catalogs/experiments/small.yaml:10:5: experiment.near.binning", found: "2000 × 1000 bins",
      expected: "at most 1000000 bins"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "length: 295 km", new: "length: 295 t",
      place: "catalogs/experiments/small.yaml:4:20: experiment.baseline.length", found: "“295 t”",
      expected: "a number ≥ 0 in km"),
    Story(
      file: "catalogs/experiments/small.yaml", old: "target: C12", new: "target: C13",
      place: "catalogs/experiments/small.yaml:5:9: experiment.target", found: "the target “C13”", expected: "C12",
      suggestion: "C12"),
    Story(
      file: "catalogs/oscillations/usual.yaml", old: "sin2_theta23: 0.47", new: "sin2_theta23: 1.47",
      place: "catalogs/oscillations/usual.yaml:3:28: oscillation.sin2_theta23", found: "“1.47”",
      expected: "a number from 0 to 1"),
  ]

  @Test("one mistake, one sentence", arguments: stories)
  func mistake(_ story: Story) throws {
    let errors = try TemporaryStudy([(story.file, story.old, story.new)]).errors()
    #expect(errors.count == 1)
    let error = try #require(errors.first)
    let place = [error.location?.description ?? "", error.key ?? "YAML"].joined(separator: ": ")
    #expect(place == story.place)
    #expect(error.found.contains(story.found), "\(error)")
    #expect(error.expected.contains(story.expected), "\(error)")
    #expect(error.suggestion == story.suggestion)
    #expect(error.category == story.category)
  }

  @Test("all mistakes of a study are reported together")
  func everyMistake() throws {
    let errors = try TemporaryStudy([
      ("study.yaml", "truth: {model: flat}", "truth: {model: flta}"),
      ("study.yaml", "height: 0.5", "hieght: 0.5"),
      ("study.yaml", "events: infinite", "events: -1"),
      ("study.yaml", "events: 100, sample: poisson", "evens: 100, sample: exact"),
      ("catalogs/experiments/small.yaml", "target: C12", "target: Xe"),
    ]).errors()
    #expect(
      errors.map(\.key) == [
        "experiment.target", "truth.model", "models.first.hieght", "near.events", "far.evens", "far.sample",
      ])
  }

  @Test("plugins that do not fit the study are all reported")
  func everyMisfit() throws {
    let errors = try TemporaryStudy([
      ("study.yaml", "{model: flat, height: 0.5}", "{model: neutrino-only}"),
      ("study.yaml", "channels: [numu]", "channels: [numu, numubar]"),
      ("study.yaml", "fit: [sin2_theta23", "fit: [theta"),
    ]).errors()
    #expect(errors.map(\.key) == ["models.first", "oscillation.fit", "experiment.near.fluxes.fhc"])
    #expect(errors[0].found == "the channel numubar")
  }

  @Test("two ways to say the same exclude each other")
  func alternatives() throws {
    let errors = try TemporaryStudy().errors(["oscillation.dm2_31=2.5e-3", "oscillation.dm2_32=2.4e-3"])
    #expect(errors.first?.description.contains("found dm2_31 beside dm2_32; expected only one of the two") == true)
  }
}
