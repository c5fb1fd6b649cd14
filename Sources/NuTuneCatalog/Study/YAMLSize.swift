// The events of the parser that Yams brings; Yams itself only hands out whole trees.
import CYaml
import NuTuneCore

/// How large a YAML text is with every alias written out, found without writing any out: a short text can stand for more
/// values than there are atoms, and whoever builds or compares them never ends.
enum YAMLSize {
  /// Refuses a text of more than `most` values, and keys that are lists or mappings, which no file of ours has.
  ///
  /// What is no YAML is left to whoever reads it.
  package static func check(_ text: String, file: String, most: Int) throws {
    var text = text
    try text.withUTF8 { bytes in
      var parser = yaml_parser_t()
      guard yaml_parser_initialize(&parser) == 1 else { return }
      defer { yaml_parser_delete(&parser) }
      yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
      yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
      var count = Count(file: file, most: most)
      while true {
        var event = yaml_event_t()
        guard yaml_parser_parse(&parser, &event) == 1 else { return }
        defer { yaml_event_delete(&event) }
        if event.type == YAML_STREAM_END_EVENT { return }
        try count.add(event)
      }
    }
  }

  /// The nodes that are open, and the sizes of those with an anchor.
  private struct Count {
    struct Open {
      var isMapping: Bool
      var expectsKey: Bool
      var anchor: String?
      var size = 1
    }

    let file: String
    let most: Int
    var open: [Open] = []
    var sizes: [String: Int] = [:]

    init(file: String, most: Int) {
      self.file = file
      self.most = most
    }

    mutating func add(_ event: yaml_event_t) throws {
      let place = SourceLocation(
        file: file, line: event.start_mark.line + 1, column: event.start_mark.column + 1)
      switch event.type {
      case YAML_SCALAR_EVENT:
        if let anchor = Self.text(event.data.scalar.anchor) { sizes[anchor] = 1 }
        try close(1, at: place)
      case YAML_ALIAS_EVENT:
        let size = Self.text(event.data.alias.anchor).flatMap { sizes[$0] } ?? 1
        if size > 1 { try refuseKey(at: place) }
        try close(size, at: place)
      case YAML_SEQUENCE_START_EVENT:
        try refuseKey(at: place)
        open.append(Open(isMapping: false, expectsKey: false, anchor: Self.text(event.data.sequence_start.anchor)))
      case YAML_MAPPING_START_EVENT:
        try refuseKey(at: place)
        open.append(Open(isMapping: true, expectsKey: true, anchor: Self.text(event.data.mapping_start.anchor)))
      case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
        guard let ended = open.popLast() else { return }
        if let anchor = ended.anchor { sizes[anchor] = ended.size }
        try close(ended.size, at: place)
      default: break
      }
    }

    private func refuseKey(at place: SourceLocation) throws {
      guard let last = open.last, last.isMapping, last.expectsKey else { return }
      throw NuTuneError(.badData, at: place, found: "a key that is not a word", expected: "a word before the colon")
    }

    /// A node of some size is complete.
    private mutating func close(_ size: Int, at place: SourceLocation) throws {
      guard let last = open.indices.last else { return }
      open[last].size += size
      open[last].expectsKey = open[last].isMapping && !open[last].expectsKey
      guard open[last].size <= most else {
        throw NuTuneError(
          .badData, at: place, found: "more than \(most) values", expected: "a file of reasonable size")
      }
    }

    private static func text(_ pointer: UnsafePointer<yaml_char_t>?) -> String? {
      pointer.map { String(cString: $0) }
    }

    private static func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
      pointer.map { String(cString: $0) }
    }
  }
}
