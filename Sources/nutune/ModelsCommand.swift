import ArgumentParser

/// `nutune models`.
struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models",
    abstract: "Lists, shows and installs trained models.",
    discussion: """
      A trained model is named by the folder of its run and its label, or in a catalog by the name it was installed \
      under. Such a name stands for a model in `nutune cross-section` and in studies: under `models`, `truth` and \
      `prior`.

      Example:
        nutune models list runs/dune-closure
        nutune models add runs/dune-closure#neural --name dune-ar40-v1
        nutune cross-section dune-ar40-v1 --channel numu --target Ar40 --energy 2
      """, subcommands: [List.self, Show.self, Add.self])
}
