namespace SynthStudio.Privacy;

/// <summary>Why a privacy computation was refused.</summary>
public enum PrivacyError
{
    /// <summary>A parameter lies outside its range.</summary>
    ParameterOutOfRange,

    /// <summary>The accountant has no valid bound for this kind of event.</summary>
    UnsupportedEvent,

    /// <summary>The privacy loss spans more than can be tabulated: far too little noise for so many steps.</summary>
    LossTooLarge,

    /// <summary>No noise meets the target.</summary>
    NotFeasible,

    /// <summary>A description of events cannot be read.</summary>
    Malformed,

    /// <summary>A row could be in two parts of a partition.</summary>
    PartsOverlap,
}
