namespace SynthStudio.Synthesis;

/// <summary>What a method's models can do beyond drawing rows. A request for anything else is refused before work begins.</summary>
[Flags]
public enum Capabilities
{
    None = 0,

    /// <summary>Draws rows in which a column has a given value, or is missing.</summary>
    GivenValues = 1 << 0,

    /// <summary>Draws rows in which a column has one of several values.</summary>
    GivenSets = 1 << 1,

    /// <summary>Draws rows in which a number, date or time lies in a range.</summary>
    GivenRanges = 1 << 2,

    /// <summary>Draws rows in which a column is not missing.</summary>
    GivenNotMissing = 1 << 3,

    /// <summary>Every kind of condition on columns.</summary>
    Given = GivenValues | GivenSets | GivenRanges | GivenNotMissing,

    /// <summary>Sharpens or flattens its distributions.</summary>
    Temperature = 1 << 4,

    /// <summary>Draws rows with declared shares of a column's categories.</summary>
    Rebalance = 1 << 5,

    /// <summary>Draws rows whose target is independent of a sensitive column.</summary>
    Fairness = 1 << 6,

    /// <summary>Fills the missing cells of a given table.</summary>
    Impute = 1 << 7,

    /// <summary>Gives the distribution of a column given the others.</summary>
    Predict = 1 << 8,

    /// <summary>Gives the log-likelihood of rows.</summary>
    LogLikelihood = 1 << 9,

    /// <summary>Starts a training from an earlier model.</summary>
    WarmStart = 1 << 10,

    /// <summary>Trains under privacy terms (<see cref="FitRequest.Privacy"/>).</summary>
    DifferentialPrivacy = 1 << 11,

    /// <summary>Learns tables that do not fit into memory, row by row from a file.</summary>
    Streams = 1 << 12,

    /// <summary>No ability but a warning: its models hold rows that they learned and give them back as they are.</summary>
    CopiesRows = 1 << 13,

    /// <summary>
    /// No ability but a limit: learns no table. What its rows are made from is declared in its options, and <see cref="ISynthesizer.Fit"/>
    /// is given a table without columns.
    /// </summary>
    NoData = 1 << 14,
}
