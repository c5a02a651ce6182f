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

    /// <summary>The time given is over before there is a model.</summary>
    TimeTooShort,

    /// <summary>The privacy terms contradict themselves or the method.</summary>
    PrivacyTermsInvalid,

    /// <summary>A private method would have to infer kinds, bounds or categories from the data.</summary>
    DomainNotDeclared,

    /// <summary>A step would spend more privacy than the terms allow; nothing noisy was released for it.</summary>
    PrivacyBudgetExceeded,

    /// <summary>A private method's code is about to train on records that are not clipped.</summary>
    NotPrivate,
}
