/// Something that only the user knows: the option that says it, and what is asked on a terminal.
package struct Question: Sendable {
  /// The option, `--area`.
  package var option: String
  /// What is asked, `The flux is per which area?`.
  package var text: String
  /// What can be answered, `cm2 or m2`.
  package var choices: String

  /// A question.
  package init(_ option: String, _ text: String, choices: String) {
    self.option = option
    self.text = text
    self.choices = choices
  }
}
