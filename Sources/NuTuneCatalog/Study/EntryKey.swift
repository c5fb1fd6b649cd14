/// A key of a catalog entry, declared once: what is read, and what its reference page says of it.
struct EntryKey: Sendable {
  /// Name, as it stands in an entry.
  var name: String
  /// What may stand behind it.
  var form: String
  /// What it is, in one line.
  var meaning: String
  /// Whether an entry has to have it.
  var isRequired: Bool

  /// A key that an entry may leave out.
  init(_ name: String, _ form: String, _ meaning: String, required: Bool = false) {
    self.name = name
    self.form = form
    self.meaning = meaning
    isRequired = required
  }
}

extension [EntryKey] {
  /// The keys that are read.
  var names: [String] { map(\.name) }
}
