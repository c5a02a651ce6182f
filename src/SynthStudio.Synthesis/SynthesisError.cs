namespace SynthStudio.Synthesis;

/// <summary>Why synthesis refused. Names are stable: they travel to clients as error reasons.</summary>
public enum SynthesisError
{
    UnknownMethod,
    UnknownOption,
    OptionOutOfRange,
    UnknownColumn,
    ImpossibleCondition,
    TooFewRows,
    NothingToLearn,
    ConstraintsNotMet,
    PackageCorrupt,
    PackageTooNew,
    DeviceUnavailable,
    Unsupported,
    TableMismatch,
    TrainingDiverged,
    NotPrivate,
}
