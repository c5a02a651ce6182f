namespace SynthStudio.Evaluation.Reporting.Verdicts;

/// <summary>How one aspect of a synthetic table turned out.</summary>
public enum Grade
{
    /// <summary>About as fresh real rows would.</summary>
    Good,

    /// <summary>Noticeably worse, and usable for many purposes.</summary>
    Fair,

    /// <summary>Not to be relied on.</summary>
    Poor,

    /// <summary>It was not measured.</summary>
    Unknown,
}
