import NuTuneAnalysis
import NuTuneCore

/// The JSON Schema (draft 2020-12) of a study file, made from the same declarations that check it.
package enum StudySchema {
  /// The schema for the plugins of a registry.
  package static func document(_ registry: Registry) -> JSONValue {
    var definitions: [String: JSONValue] = [:]
    for kind in PluginKind.allCases {
      let descriptors = registry.descriptors(of: kind)
      for descriptor in descriptors { definitions["\(kind.rawValue).\(descriptor.name)"] = plugin(descriptor) }
      definitions[kind.rawValue] = [
        "anyOf": .list(
          descriptors.map { reference("\(kind.rawValue).\($0.name)") } + (kind == .crossSection ? [trained, text] : []))
      ]
    }
    definitions["binning"] = binning
    definitions["site"] = site(with: [:])
    definitions["near"] = site(with: [
      "positions": [
        "description": "the same detector at several positions; what one does not say stands beside them",
        "type": "object", "minProperties": .integer(1), "propertyNames": ["pattern": fileSafe],
        "additionalProperties": reference("site"),
      ]
    ])
    definitions["experiment-mapping"] = experiment
    return [
      "$schema": "https://json-schema.org/draft/2020-12/schema",
      "title": "NuTune study",
      "description": "A study file of NuTune; `nutune check` says more about mistakes than this schema can.",
      "type": "object",
      "properties": .object(properties()),
      "required": ["schema", "name"],
      // A variant takes from its base what it does not say.
      "oneOf": [
        ["required": ["experiment", "channels", "truth", "models"], "not": ["required": ["base"]]],
        ["required": ["data", "models"], "not": ["required": ["base"]]], ["required": ["base"]],
      ],
      "additionalProperties": false,
      "$defs": .object(definitions),
    ]
  }

  private static func reference(_ name: String) -> JSONValue { ["$ref": .text("#/$defs/\(name)")] }

  private static let text: JSONValue = ["type": "string"]
  private static let trained: JSONValue = [
    "description": "a trained model: RUN#LABEL, relative to this file, or its name in the catalog", "type": "object",
    "properties": ["trained": text], "required": ["trained"], "additionalProperties": false,
  ]
  private static func measurements(learned: Bool) -> JSONValue {
    var properties: [String: JSONValue] = [
      "measurement": text,
      "name": [
        "description": "of the bins that are selected", "type": "string", "pattern": fileSafe,
      ],
      "select": [
        "description": "the bins within ranges of the observables", "type": "object", "minProperties": .integer(1),
        "additionalProperties": false,
        "properties": .object(
          Dictionary(uniqueKeysWithValues: Observable.allCases.map { ($0.rawValue, selectedRange) })),
      ],
    ]
    if learned {
      properties["weight"] = [
        "description": "how often χ² counts in what models minimise, 1/S² for errors larger by S", "type": "number",
        "minimum": .number(Dataset.weights.lowerBound), "maximum": .number(Dataset.weights.upperBound),
      ]
    }
    return [
      "type": "array", "minItems": .integer(1), "uniqueItems": true,
      "items": [
        "anyOf": [
          text,
          [
            "description": "a measurement, or its bins within ranges of its observables under a name of their own",
            "type": "object", "required": ["measurement"],
            "dependentRequired": ["name": ["select"], "select": ["name"]], "additionalProperties": false,
            "properties": .object(properties),
          ],
        ]
      ],
    ]
  }
  private static let selectedRange: JSONValue = [
    "description": "lower and upper end, `..` for an open one", "type": "array", "minItems": .integer(2),
    "maxItems": .integer(2), "items": ["anyOf": [["type": "number"], ["const": ".."]]],
  ]
  private static let fileSafe = JSONValue.text("^[A-Za-z0-9][A-Za-z0-9_-]*$")

  private static let base: JSONValue = [
    "type": "string", "description": "the study that this one is a variant of: one of the catalog, or a file",
  ]
  private static let plugins: JSONValue = [
    "description":
      "libraries of plugins to load: paths relative to this file, or names found in NUTUNE_PLUGIN_PATH",
    "type": "array", "items": text,
  ]

  private static let scan: JSONValue = [
    "description": "values of one key, each of which makes a variant of the study for `nutune scan`",
    "type": "object", "required": ["over", "values"], "additionalProperties": false,
    "properties": ["over": text, "values": ["type": "array", "minItems": .integer(2)]],
  ]

  private static func properties() -> [String: JSONValue] {
    var properties: [String: JSONValue] = [
      "schema": ["const": .text(StudyConfiguration.schemaName)],
      "name": ["type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$", "description": "name of the study"],
      "title": ["type": "string", "description": "title for people"],
      "base": base,
      "description": text,
      "citations": ["type": "array"],
      "experiment": [
        "description": "a catalog entry by name, or an experiment written out, which may build on one (base)",
        "anyOf": [text, reference("experiment-mapping")],
      ],
      "joint": [
        "description": "further experiments whose near data are learned together, by label", "type": "object",
        "propertyNames": ["pattern": fileSafe],
        "additionalProperties": ["anyOf": [text, reference("experiment-mapping")]],
      ],
      "predict": [
        "description": "where the models predict, when that is not the experiment's own far detector",
        "anyOf": [
          text,
          PredictionConfiguration.schema.jsonSchema(
            fixed: ["experiment": ["anyOf": [text, reference("experiment-mapping")]]], requiring: ["experiment"],
            isComplete: true),
        ],
      ],
      "channels": [
        "description": "charged-current channels", "type": "array", "minItems": .integer(1), "uniqueItems": true,
        "items": ["enum": .list(NeutrinoSpecies.allCases.map { .text($0.rawValue) })],
      ],
      "modes": [
        "description": "horn modes; the first of the experiment when left out", "type": "array",
        "minItems": .integer(1), "uniqueItems": true, "items": text,
      ],
      "truth": reference("cross-section"),
      "data": [
        "description":
          "measurements of the catalog in place of a truth: a list to learn from, or lists by what is done",
        "anyOf": [
          measurements(learned: true),
          [
            "type": "object", "required": ["learn"], "additionalProperties": false,
            "properties": ["learn": measurements(learned: true), "predict": measurements(learned: false)],
          ],
        ],
      ],
      "models": [
        "description": "models to tune and compare, by label", "type": "object", "minProperties": .integer(1),
        "propertyNames": ["pattern": fileSafe],
        "additionalProperties": ["anyOf": [["const": "none"], reference("cross-section")]],
      ],
      "oscillation": reference("oscillation"),
      "plugins": plugins,
      "scan": scan,
    ]
    for (key, schema) in StudyConfiguration.sectionSchemas { properties[key] = schema.jsonSchema() }
    let near = StudySections.near.jsonSchema(fixed: ["nuisance": HadronicNuisanceConfiguration.jsonSchema])
    properties.merge(["near": near, "far": far, "likelihood": likelihood]) { $1 }
    return properties
  }

  private static var likelihood: JSONValue {
    StudySections.comparison.jsonSchema(fixed: [
      "norm": StudySections.norms.jsonSchema(fixed: [
        "sample": SampleNormConfiguration.jsonSchema, "experiment": ExperimentNormConfiguration.jsonSchema,
      ])
    ])
  }

  private static var far: JSONValue {
    StudySections.far.jsonSchema(fixed: [
      "samples": FarSampleConfiguration.jsonSchema(binning: reference("binning"), detector: reference("detector")),
      "events_at": [
        "description":
          "oscillation parameters at which events of components are given: `{preset: entry, parameter: value}`",
        "type": "object",
      ],
    ])
  }

  private static func plugin(_ descriptor: PluginDescriptor) -> JSONValue {
    var fixed: [String: JSONValue] = [
      "model": ["const": .text(descriptor.name), "description": .text(descriptor.summary)]
    ]
    for component in descriptor.components {
      fixed[component.name] = [
        "description": .text(
          "\(component.meaning); a catalog entry or a trained model by name, a plugin written out, or none"),
        "anyOf": [text, ["type": "object", "required": ["base"]], reference(component.kind.rawValue)],
      ]
    }
    if descriptor.kind == .crossSection {
      for declaration in TuningConfiguration.schema.declarations { fixed[declaration.name] = declaration.jsonSchema }
    }
    let isOscillation = descriptor.kind == .oscillation
    if isOscillation {
      for declaration in OscillationConfiguration.schema.declarations {
        fixed[declaration.name] = declaration.jsonSchema
      }
    }
    return descriptor.parameters.jsonSchema(fixed: fixed, requiring: ["model"], isComplete: !isOscillation)
  }

  private static var experiment: JSONValue {
    ExperimentConfiguration.baselineSchema.jsonSchema(isComplete: false).mapping(
      as: "baseline",
      with: [
        "base": ["type": "string", "description": "the catalog entry to build on"],
        "schema": ["const": .text(CatalogKind.experiments.schemaName)],
        "name": text, "title": text, "description": text, "citations": ["type": "array"],
        "target": ["enum": .list(Target.known.keys.sorted().map { .text($0) })],
        "near": reference("near"), "far": reference("site"),
      ])
  }

  private static func site(with more: [String: JSONValue]) -> JSONValue {
    [
      "type": "object", "additionalProperties": false,
      "properties": .object(
        more.merging([
          "exposure": exposure,
          "events": DetectorConfiguration.events.jsonSchema, "flux": DetectorConfiguration.farFlux.jsonSchema,
          "detector": reference("detector"), "true_detector": reference("detector"),
          "fluxes": [
            "description": "the flux of each horn mode: a catalog entry by name, or written out", "type": "object",
            "propertyNames": ["pattern": fileSafe],
            "additionalProperties": [
              "anyOf": [text, ["type": "object", "required": ["base"]], reference("flux")]
            ],
          ],
          "binning": reference("binning"),
        ]) { $1 }),
    ]
  }

  private static var exposure: JSONValue {
    let pot = DetectorConfiguration.pot.jsonSchema
    return ParameterSchema([DetectorConfiguration.mass]).jsonSchema(
      fixed: ["pot": ["anyOf": [pot, ["type": "object", "additionalProperties": pot]]]], requiring: ["pot"])
  }

  private static var binning: JSONValue {
    var axes: [String: JSONValue] = [:]
    for observable in Observable.allCases {
      let number = ParameterDomain.anyNumber.jsonSchema(unit: observable.unit)
      let segment: JSONValue = [
        "type": "object", "required": ["from", "to", "bins"], "additionalProperties": false,
        "properties": [
          "from": .object(number), "to": .object(number), "bins": ["type": "integer", "minimum": .integer(1)],
        ],
      ]
      let edges: [JSONValue] = [["type": "array", "items": ["anyOf": [.object(number), segment]]], segment]
      let withBinding: [JSONValue] =
        observable == .quasielasticEnergy
        ? [
          [
            "type": "object", "required": ["edges"], "additionalProperties": false,
            "properties": .object(
              Axis.bindingEnergySchema.declarations.reduce(into: ["edges": ["anyOf": .list(edges)]]) {
                $0[$1.name] = $1.jsonSchema
              }),
          ]
        ] : []
      axes[observable.rawValue] = [
        "description": .text("bin edges" + (observable.unit.isEmpty ? "" : " [\(observable.unit)]")),
        "anyOf": .list(edges + withBinding),
      ]
    }
    let grid: JSONValue = [
      "type": "object", "minProperties": .integer(1), "maxProperties": .integer(3), "properties": .object(axes),
      "additionalProperties": false,
    ]
    return ["anyOf": [grid, ["type": "array", "minItems": .integer(1), "items": grid]]]
  }
}

extension JSONValue {
  /// The schema of a mapping with this schema at `key`, and others beside it.
  fileprivate func mapping(as key: String, with others: [String: JSONValue]) -> JSONValue {
    ["type": "object", "additionalProperties": false, "properties": .object(others.merging([key: self]) { $1 })]
  }
}
