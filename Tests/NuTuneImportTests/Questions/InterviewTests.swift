import NuTuneCore
import NuTuneImport
import Testing

@Suite("What only the user knows")
struct InterviewTests {
  private let area = Question("--area", "Which area?", choices: "cm2 or m2")
  private let pot = Question("--pot", "How many protons?", choices: "a number")

  private func number(_ text: String) throws -> Double {
    guard let value = Double(text) else { throw NuTuneError(.usage, found: "“\(text)”", expected: "a number") }
    return value
  }

  @Test("without a terminal all that is missing is named in one sentence")
  func missing() throws {
    var interview = Interview(ask: nil)
    #expect(interview.answer(area, given: nil) { $0 } == nil)
    #expect(interview.answer(pot, given: nil, read: number) == nil)
    let error = try #require(throws: NuTuneError.self) { try interview.finish() }
    #expect(error.category == .usage)
    #expect(
      "\(error)"
        == "found no --area, --pot; expected --area (cm2 or m2), --pot (a number), or a terminal on which to ask"
    )
  }

  @Test("an option that says nonsense is an error, not a question")
  func nonsense() throws {
    var interview = Interview { _, _ in
      Issue.record("asked")
      return "1"
    }
    #expect(interview.answer(pot, given: "many", read: number) == nil)
    let error = try #require(throws: NuTuneError.self) { try interview.finish() }
    #expect("\(error)" == "--pot: found “many”; expected a number")
  }

  @Test("on a terminal a wrong answer is told and the question asked again; the end of input is a missing answer")
  func asking() throws {
    var replies = ["lots", "1e21"]
    var complaints: [String?] = []
    var interview = Interview { _, complaint in
      complaints.append(complaint)
      return replies.isEmpty ? nil : replies.removeFirst()
    }
    #expect(interview.answer(pot, given: nil, read: number) == 1e21)
    #expect(complaints == [nil, "found “lots”; expected a number"])
    #expect(interview.answers.map(\.option) == ["pot"] && interview.answers.map(\.text) == ["1e21"])
    #expect(interview.answer(area, given: nil) { $0 } == nil)
    #expect(throws: NuTuneError.self) { try interview.finish() }
  }
}
