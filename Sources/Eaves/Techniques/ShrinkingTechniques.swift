/// Ways to a smaller model, described: what they cost in training, and that inference costs what the small one costs.
enum ShrinkingTechniques {
  /// One a way.
  static let techniques = [
    Technique(
      name: "distillation", axis: .shrinking, form: "eaves models train STUDENT --teacher TEACHER",
      summary: "A small model is trained on the outputs of a large one.",
      equation:
        "training FLOPs a token = 2·P_t + 6·P_s; kept logits V·2 B a token; loss α·T²·KL + (1 − α)·CE",
      conditions: [
        "inference costs what the student costs: small matrices are bound by launches and bytes, so that time "
          + "falls less than FLOPs",
        "quality is looked up in published tables",
      ],
      source:
        "Hinton et al., Distilling the Knowledge in a Neural Network, section 2; Jiao et al., TinyBERT, table 1"
    ),
    Technique(
      name: "checkpointing", axis: .shrinking,
      form: "eaves models train MODEL --recompute selective",
      summary: "Training keeps fewer activations and computes the others again.",
      equation:
        "bytes a layer = s·b·h·(10 + 24/t + 5·a·s/(h·t)); selective without the last term; full 2·s·b·h",
      conditions: [
        "full recomputation is another forward pass: a third more FLOPs",
        "inference keeps no activations: no change",
      ],
      source:
        "Korthikanti et al., Reducing Activation Recomputation in Large Transformer Models, equations 1 and 2"
    ),
    Technique(
      name: "compound-scaling", axis: .shrinking, form: "(α·β²·γ²)^φ",
      summary: "Depth, width and resolution of a convolutional network grow or shrink together.",
      equation: "d = 1.2^φ, w = 1.1^φ, r = 1.15^φ: FLOPs times 1.92^φ",
      conditions: ["a rule for shapes: each shape costs what its operations cost"],
      source: "Tan and Le, EfficientNet, section 3.3, equations 2 and 3"),
    Technique(
      name: "architecture-search", axis: .shrinking,
      form: "MODEL:layers=N:hidden_size=N:heads=N:kv_heads=N:head_size=N:feed_forward_size=N",
      summary:
        "Shapes are enumerated beside formats and caches, costed one by one, and filtered by budgets.",
      equation:
        "candidates = Π of the values of each size; those within the budgets are compared by the objectives",
      conditions: [
        "every candidate is costed, none is estimated: the front is exact",
        "layers are those of the model in turn, heads are a multiple of kv_heads",
        "quality is not known before a candidate is trained: rows say none",
      ],
      source:
        "docs/method.md 2; Tan et al., MnasNet: Platform-Aware Neural Architecture Search for Mobile, section 3"
    ),
    Technique(
      name: "once-for-all", axis: .shrinking,
      form: "--sparsity layers:SHARE+heads:SHARE+neurons:SHARE",
      summary:
        "One trained network holds many smaller ones: depth and widths are chosen for each device.",
      equation:
        "every sub-network costs what its smaller shapes cost; the study once-for-all enumerates them",
      conditions: [
        "trained in",
        "cuts of a sub-network are those of --sparsity: whole groups, multiples of tiles",
      ],
      source:
        "Cai et al., Once-for-All: Train One Network and Specialize it for Efficient Deployment, section 3"
    ),
  ]
}
