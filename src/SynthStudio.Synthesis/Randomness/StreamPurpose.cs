namespace SynthStudio.Synthesis.Randomness;

/// <summary>What a <see cref="SeededStream"/> is for. Numbers are part of reproducibility: append, never renumber.</summary>
public enum StreamPurpose
{
    Codec = 1,
    Split = 2,
    InitialWeights = 3,
    Epoch = 4,
    TrainingBatch = 5,
    ValidationBatch = 6,
    SampledTokens = 7,
    DecodedValues = 8,
    GeneratedTexts = 9,
    ConditionTrial = 10,
    KeyRepeats = 11,
    ModeChoice = 20,
    TrainingNoise = 21,
    ValidationNoise = 22,
    Calibration = 23,
    RowBeginnings = 40,
    ColumnOrders = 41,
    RefinementSplit = 42,
    RefinementRows = 43,
    RefinementDraws = 44,
    ResamplingRows = 45,
    ImputedCells = 46,
    PairRows = 47,
}
