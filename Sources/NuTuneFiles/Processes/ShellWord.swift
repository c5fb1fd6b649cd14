/// Words of a shell script that mean themselves, whatever characters are in them.
package enum ShellWord {
  private static let plain = Set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-+:,@=")

  /// A text as one word: as it is where no shell could misread it, in single quotes otherwise.
  package static func quoted(_ text: String) -> String {
    if !text.isEmpty, text.allSatisfy(plain.contains) { return text }
    return "'" + text.replacing("'", with: #"'\''"#) + "'"
  }
}
