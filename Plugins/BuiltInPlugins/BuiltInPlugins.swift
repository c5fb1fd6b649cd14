import Calorimeter
import FittedTheory
import GaussianProcessStructureFunctions
import IdealDetector
import NeuralStructureFunctions
import NoOscillation
import NormalizingFlow
import NuTuneCore
import ResonanceStructureFunctions
import ResponseMatrix
import Smearing
import TabulatedCrossSection
import TabulatedFlux
import ThreeFlavorOscillations
import ToyStructureFunctions

/// The plugins that come with NuTune; they use only what outside plugins can use.
public enum BuiltInPlugins {
  /// Returns a registry with all of them.
  public static func registry() throws -> Registry {
    var registry = Registry()
    let types: [any Plugin.Type] = [
      ToyStructureFunctions.self, ResonanceStructureFunctions.self, NeuralStructureFunctions.self,
      GaussianProcessStructureFunctions.self, FittedTheory.self, NormalizingFlow.self, TabulatedCrossSection.self,
      TabulatedFluxProvider.self, IdealDetectorModel.self, SmearingDetector.self, ResponseMatrixDetector.self,
      CalorimeterDetector.self,
      ThreeFlavorModel.self, NoOscillationModel.self,
    ]
    for type in types { try registry.register(type) }
    return registry
  }
}
