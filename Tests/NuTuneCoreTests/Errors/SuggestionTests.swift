import NuTuneCore
import Testing

@Suite("Did you mean")
struct SuggestionTests {
  @Test(
    "the nearest name, if near enough",
    arguments: [
      ("numo", "numu"), ("toy-fs", "toy-sf"), ("TOY-SF", "toy-sf"), ("neural", "neural-sf"), ("evnts", "events"),
      ("x", nil), ("flux", nil), ("", nil),
    ] as [(String, String?)])
  func nearest(_ typed: String, _ expected: String?) {
    let names = ["numu", "numubar", "toy-sf", "neural-sf", "events"]
    #expect(Suggestion.nearest(to: typed, among: names) == expected)
  }

  @Test("no names, no suggestion; ties go to the first of the alphabet")
  func edges() {
    #expect(Suggestion.nearest(to: "a", among: [String]()) == nil)
    #expect(Suggestion.nearest(to: "bat", among: ["rat", "cat"]) == "cat")
  }
}

@Suite("Errors are one sentence")
struct NuTuneErrorTests {
  @Test("place, key, found, expected, suggestion")
  func sentence() {
    let error = NuTuneError(
      .badData, at: SourceLocation(file: "a.yaml", line: 2, column: 7), key: "near.evnts", found: "an unknown key",
      expected: "events", suggestion: "events")
    #expect(
      error.description == "a.yaml:2:7: near.evnts: found an unknown key; expected events; did you mean “events”?")
    #expect(NuTuneError(.runtime, found: "x", expected: "y").description == "found x; expected y")
  }

  @Test("several errors keep their order, drop repetitions, and unfold")
  func several() throws {
    struct Other: Error {}
    let first = NuTuneError(.missingInput, found: "a", expected: "b")
    let second = NuTuneError(.badData, found: "c", expected: "d")
    var errors = NuTuneErrors()
    try errors.throwIfAny()
    errors.attempt { throw first }
    #expect(throws: first) { try errors.throwIfAny() }
    errors.attempt { throw first }
    var inner = NuTuneErrors()
    inner.add(second)
    errors.add(inner)
    #expect(errors.errors == [first, second])
    #expect(errors.category == .missingInput)
    #expect(throws: errors) { try errors.throwIfAny() }
    errors.add(Other())
    #expect(errors.errors.last?.category == .internalError)
    #expect(errors.attempt { 3 } == 3)
  }
}
