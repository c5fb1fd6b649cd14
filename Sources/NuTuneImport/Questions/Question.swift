/// A question that only the user can answer: its option, and its text on a terminal.
package struct Question: Sendable {
  /// The option, `--area`.
  package var option: String
  /// The text of the question, `The flux is per which area?`.
  package var text: String
  /// The possible answers, `cm2 or m2`.
  package var choices: String

  /// Creates a question.
  package init(_ option: String, _ text: String, choices: String) {
    self.option = option
    self.text = text
    self.choices = choices
  }
}
