import ArgumentParser

/// `nutune plugin`.
struct PluginCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "plugin",
    abstract: "Makes and checks plugins that are loaded at run time.",
    discussion: """
      A plugin is a Swift package of its own. What --plugin names, or a study under `plugins`, is loaded into the running \
      program and runs with your rights; nothing else is ever loaded.

      Example:
        nutune plugin new cross-section Superscaling
        swift build -c release --package-path Superscaling
        nutune plugin check ./Superscaling
        nutune list cross-sections --plugin ./Superscaling
      """, subcommands: [New.self, Check.self, Probe.self, Examine.self])
}
