/// Something that only the user knows: the option that says it, and what is asked on a terminal.
public struct Question: Sendable {
  /// The option, `--area`.
  public var option: String
  /// What is asked, `The flux is per which area?`.
  public var text: String
  /// What can be answered, `cm2 or m2`.
  public var choices: String

  /// A question.
  public init(_ option: String, _ text: String, choices: String) {
    self.option = option
    self.text = text
    self.choices = choices
  }
}
