import NuTuneCore

/// A story file, schema `nutune.story/1`: slides in order, each with its claim and the place of our answer.
///
///     schema: nutune.story/1
///     name: talk
///     title: …
///     introduction: …                      # optional
///     slides:
///       - heading: …
///         claim: what the slide claims, in one sentence
///         run: flow-and-neural             # folder of a finished run or ensemble, with or without sensitivities
///         figures: [far-numu-fhc]          # optional: figures of its report, or sensitivity-cp
///         command: nutune run …            # optional: what makes the run, shown while it is missing
///         finding: what we find, with placeholders, see ``Sentence``
package struct Story: Sendable {
  /// One slide.
  struct Slide: Sendable {
    var heading: String
    var claim: String
    var run: String
    var figures: [String]
    /// What makes the run, which the page says while it is missing; nil for a run without which there is no page.
    var command: String?
    var finding: Sentence
    /// Position of the slide in the file.
    var location: SourceLocation
    /// Position of its finding in the file.
    var findingLocation: SourceLocation
  }

  /// Title for readers.
  package let title: String
  let introduction: String
  let slides: [Slide]

  private static let keys = ["schema", "name", "title", "description", "citations", "introduction", "slides"]
  private static let slideKeys = ["heading", "claim", "run", "figures", "command", "finding"]

  /// Reads a story; every mistake is reported.
  ///
  /// - Parameters:
  ///   - title: Title of its catalog entry.
  ///   - node: The whole file.
  package init(title: String, _ node: ConfigurationNode) throws {
    self.title = title
    var problems = NuTuneErrors()
    for error in node.unknownKeys(known: Self.keys, path: "") { problems.add(error) }
    introduction = problems.attempt { try Self.text(node, "introduction", path: "", isOptional: true) } ?? ""
    let elements = problems.attempt {
      guard let elements = node["slides"]?.elements, !elements.isEmpty else {
        throw NuTuneError(
          .badData, at: node["slides"]?.location ?? node.location, key: "slides",
          found: node["slides"]?.summary ?? "nothing", expected: "a list of slides")
      }
      return elements
    }
    slides = (elements ?? []).enumerated().compactMap { index, node in
      problems.attempt { try Self.slide(node, path: "slides.\(index)") }
    }
    try problems.throwIfAny()
  }

  private static func slide(_ node: ConfigurationNode, path: String) throws -> Slide {
    _ = try node.entries(of: path)
    if let unknown = node.unknownKeys(known: slideKeys, path: path).first { throw unknown }
    var figures: [String] = []
    if let value = node["figures"] {
      guard let elements = value.elements, elements.allSatisfy({ $0.text != nil }) else {
        throw NuTuneError(
          .badData, at: value.location, key: "\(path).figures", found: value.summary, expected: "a list of figures")
      }
      figures = elements.compactMap(\.text)
    }
    return Slide(
      heading: try text(node, "heading", path: path), claim: try text(node, "claim", path: path),
      run: try text(node, "run", path: path), figures: figures,
      command: try node["command"] == nil ? nil : text(node, "command", path: path),
      finding: Sentence(template: try text(node, "finding", path: path)), location: node.location,
      findingLocation: node["finding"]?.location ?? node.location)
  }

  private static func text(
    _ node: ConfigurationNode, _ key: String, path: String, isOptional: Bool = false
  ) throws -> String {
    let full = path.isEmpty ? key : "\(path).\(key)"
    guard let value = node[key] else {
      if isOptional { return "" }
      throw NuTuneError(.badData, at: node.location, key: full, found: "nothing", expected: "text")
    }
    guard let text = value.text, !text.isEmpty else {
      throw NuTuneError(.badData, at: value.location, key: full, found: value.summary, expected: "text")
    }
    return text
  }
}
