import NuTuneCore

/// Collects information that only the user has: from options, or by asking if they are missing.
///
/// No question has a default. Without a terminal, ``finish()`` names everything that is missing in one sentence.
package struct Interview {
  /// Asks a question; the complaint is the error of the previous answer. Nil after end of input.
  package typealias Ask = (_ question: Question, _ complaint: String?) -> String?

  /// The answers, in the order of the questions: options without dashes, and texts.
  package private(set) var answers: [(option: String, text: String)] = []
  /// Nil without a terminal, or after end of input.
  private var ask: Ask?
  private var missing: [Question] = []
  private var problems = NuTuneErrors()

  /// Creates an interview; `ask` is nil without a terminal.
  package init(ask: Ask?) { self.ask = ask }

  /// Returns the answer to a question, from the option or the user, read by `read`; nil when it is missing or wrong,
  /// which ``finish()`` reports.
  package mutating func answer<Value>(
    _ question: Question, given: String?, read: (_ text: String) throws -> Value
  ) -> Value? {
    if let given { return attempt(question, given, read) }
    var complaint: String?
    while let text = ask?(question, complaint) {
      do {
        let value = try read(text)
        record(question, text)
        return value
      } catch {
        complaint = "\(error)"
      }
    }
    ask = nil
    missing.append(question)
    return nil
  }

  /// Returns the answers to a question that may have several: one for each option, or one from the user; nil when one
  /// is missing or wrong, which ``finish()`` reports.
  package mutating func answers<Value>(
    _ question: Question, given: [String], read: (_ text: String) throws -> Value
  ) -> [Value]? {
    guard !given.isEmpty else { return answer(question, given: nil, read: read).map { [$0] } }
    let values = given.map { attempt(question, $0, read) }
    return values.contains { $0 == nil } ? nil : values.compactMap { $0 }
  }

  private mutating func attempt<Value>(
    _ question: Question, _ text: String, _ read: (_ text: String) throws -> Value
  ) -> Value? {
    do {
      let value = try read(text)
      record(question, text)
      return value
    } catch var error as NuTuneError {
      error.key = error.key ?? question.option
      // A mistake on the command line, unless it is in a file that it names.
      if error.category == .badData, error.location == nil { error.category = .usage }
      problems.add(error)
    } catch {
      problems.add(error)
    }
    return nil
  }

  private mutating func record(_ question: Question, _ text: String) {
    answers.append((String(question.option.drop { $0 == "-" }), text))
  }

  /// Throws the errors of the answers, or one sentence that names all that is missing.
  package func finish() throws {
    try problems.throwIfAny()
    guard !missing.isEmpty else { return }
    throw NuTuneError(
      .usage, found: "no \(missing.map(\.option).joined(separator: ", "))",
      expected: missing.map { "\($0.option) (\($0.choices))" }.joined(separator: ", ")
        + ", or a terminal on which to ask")
  }
}

/// Creates the error of an answer that is none of the choices.
func refusal(_ text: String, _ expected: String, suggestion: String? = nil) -> NuTuneError {
  NuTuneError(.usage, found: "“\(text)”", expected: expected, suggestion: suggestion)
}
